package main

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// namedLines passes whole lines on, each with a name before it: so several
// notebooks can speak at the same time.
type namedLines struct {
	w    io.Writer
	mu   *sync.Mutex // shared by all that write to w
	name string
	rest []byte // of a line that has not ended
}

func (n *namedLines) Write(p []byte) (int, error) {
	n.rest = append(n.rest, p...)
	for {
		end := bytes.IndexByte(n.rest, '\n')
		if end < 0 {
			return len(p), nil
		}
		if err := n.line(n.rest[:end]); err != nil {
			return 0, err
		}
		n.rest = n.rest[end+1:]
	}
}

func (n *namedLines) line(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	_, err := fmt.Fprintf(n.w, "%s: %s\n", n.name, bytes.TrimRight(text, " \r"))
	return err
}

// flush writes a last line that has no end.
func (n *namedLines) flush() {
	n.line(n.rest)
	n.rest = nil
}

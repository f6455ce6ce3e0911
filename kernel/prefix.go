package main

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"convbook/kernel/internal/terminal"
)

// prefixed passes whole lines on, each with a name before it: so several notebooks can
// tell how they go at the same time.
type prefixed struct {
	w    io.Writer
	mu   *sync.Mutex // shared by all that write to w
	name string
	rest []byte // of a line that has not ended
}

// longestLine is how much of a line without end is waited for.
const longestLine = 64 << 10

func (p *prefixed) Write(text []byte) (int, error) {
	written := len(text)
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n')
		if end < 0 && len(p.rest)+len(text) < longestLine {
			p.rest = append(p.rest, text...)
			break
		}
		next := end + 1
		if end < 0 {
			end, next = len(text), len(text)
		}
		if err := p.line(append(p.rest, text[:end]...)); err != nil {
			return 0, err
		}
		p.rest, text = p.rest[:0], text[next:]
	}
	return written, nil
}

func (p *prefixed) line(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := fmt.Fprintf(p.w, "%s: %s\n", terminal.Name(p.name), bytes.TrimRight(text, " \r"))
	return err
}

// flush writes a last line that has no end.
func (p *prefixed) flush() {
	p.line(p.rest)
	p.rest = nil
}

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// largest is more than any message between GoNB and gopls.
const largest = 64 << 20

// head is the part of a message that decides its way. (JSON-RPC 2.0)
type head struct {
	ID     json.RawMessage `json:"id"`     // none in a notification
	Method string          `json:"method"` // "" in a response
}

// readFrame reads one message: header lines, an empty line, and as many bytes of
// JSON as Content-Length says. (Language Server Protocol 3.17, "Base Protocol")
func readFrame(r *bufio.Reader) (body []byte, h head, err error) {
	length := -1
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil, h, err
		}
		line = strings.TrimSpace(line)
		if line == "" {
			break
		}
		if name, value, _ := strings.Cut(line, ":"); strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil || length < 0 || length > largest {
				return nil, h, fmt.Errorf("a message of %q bytes", strings.TrimSpace(value))
			}
		}
	}
	if length < 0 {
		return nil, h, fmt.Errorf("a message without Content-Length")
	}
	var text strings.Builder // grows with what comes, not with what is announced
	if _, err := io.CopyN(&text, r, int64(length)); err != nil {
		return nil, h, err
	}
	body = []byte(text.String())
	if err := json.Unmarshal(body, &h); err != nil {
		return nil, h, fmt.Errorf("a message that is not JSON-RPC: %w", err)
	}
	return body, h, nil
}

// frameWriter writes whole messages, from several goroutines.
type frameWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (f *frameWriter) write(body []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := fmt.Fprintf(f.w, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return err
}

// respond answers the request id with a result.
func (f *frameWriter) respond(id, result json.RawMessage) error {
	body, err := json.Marshal(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Result  json.RawMessage `json:"result"`
	}{"2.0", id, result})
	if err != nil {
		return err
	}
	return f.write(body)
}

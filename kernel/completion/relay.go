package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"sync"
	"time"
)

// relay hands messages on between GoNB and gopls.
type relay struct {
	limit time.Duration
	gopls *frameWriter
	from  *bufio.Reader // of gopls

	mu      sync.Mutex
	gonb    *frameWriter           // nil until it has connected
	waiting map[string]*time.Timer // requests of GoNB without an answer, by id
	hello   json.RawMessage        // gopls's answer to initialize
}

// newRelay greets gopls for the module in dir, as GoNB will. It returns when gopls
// has answered and begins to read the module.
func newRelay(in io.Writer, out io.Reader, dir string, limit time.Duration) (*relay, error) {
	r := &relay{limit: limit, gopls: &frameWriter{w: in}, from: bufio.NewReader(out), waiting: map[string]*time.Timer{}}
	folder := (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String()
	greeting, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": "hello", "method": "initialize",
		"params": map[string]any{"processId": nil, "rootUri": nil, "capabilities": struct{}{},
			"workspaceFolders": []any{map[string]string{"uri": folder, "name": filepath.Base(dir)}}}})
	if err != nil {
		return nil, err
	}
	if err := r.gopls.write(greeting); err != nil {
		return nil, err
	}
	for r.hello == nil {
		body, h, err := readFrame(r.from)
		if err != nil {
			return nil, fmt.Errorf("gopls does not answer: %w", err)
		}
		if string(h.ID) != `"hello"` || h.Method != "" {
			continue
		}
		var answer struct{ Result json.RawMessage }
		if err := json.Unmarshal(body, &answer); err != nil || answer.Result == nil {
			return nil, fmt.Errorf("gopls refuses: %s", body)
		}
		r.hello = answer.Result
	}
	return r, r.gopls.write([]byte(`{"jsonrpc":"2.0","method":"initialized","params":{}}`))
}

// fromGopls hands on what gopls says until it ends. What GoNB no longer waits for is
// dropped.
func (r *relay) fromGopls() error {
	for {
		body, h, err := readFrame(r.from)
		if err != nil {
			return err
		}
		r.mu.Lock()
		to := r.gonb
		if h.Method == "" && !r.settle(h.ID) {
			to = nil
		}
		r.mu.Unlock()
		if to == nil {
			continue
		}
		if err := to.write(body); err != nil {
			return err
		}
	}
}

// settle says whether a request still waits, and ends that. r.mu is held.
func (r *relay) settle(id json.RawMessage) bool {
	timer, waits := r.waiting[string(id)]
	if waits {
		timer.Stop()
		delete(r.waiting, string(id))
	}
	return waits
}

// fromGoNB hands on what GoNB says until it ends. gopls has been greeted already.
func (r *relay) fromGoNB(connection io.ReadWriter) error {
	gonb := &frameWriter{w: connection}
	r.mu.Lock()
	r.gonb = gonb
	r.mu.Unlock()
	in := bufio.NewReader(connection)
	for {
		body, h, err := readFrame(in)
		if err != nil {
			return err
		}
		switch {
		case h.Method == "initialize":
			err = gonb.respond(h.ID, r.hello)
		case h.Method == "initialized":
		case h.Method != "" && h.ID != nil:
			r.await(h.ID)
			err = r.gopls.write(body)
		default:
			err = r.gopls.write(body)
		}
		if err != nil {
			return err
		}
	}
}

// await answers a request with nothing when gopls has not answered in time.
func (r *relay) await(id json.RawMessage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[string(id)] = time.AfterFunc(r.limit, func() {
		r.mu.Lock()
		waits := r.settle(id)
		r.mu.Unlock()
		if waits {
			r.gonb.respond(id, json.RawMessage("null"))
		}
	})
}

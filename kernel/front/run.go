package main

import (
	"encoding/json"
	"sync"
	"time"

	"convbook/kernel/internal/explain"
	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/zmtp"
)

// run is one cell on its way through GoNB. What it prints passes as it comes, a few
// texts at a time; only a panic is held back until it is clear that it is one, and
// becomes the error.
type run struct {
	peer        *zmtp.Peer
	request     *jupyter.Message
	code        string
	stopOnError bool
	behind      []*run        // what stood behind it when it failed, and is not run
	refused     *explain.Said // GoNB is given an empty cell in its place
	began       time.Time

	mu          sync.Mutex
	number      int // as In [3] shows it
	interrupted bool
	stderr      held
	printed     printed
	waiting     bool          // for the pace of what is printed
	said        *explain.Said // what went wrong, once it has
	told        chan struct{} // closed when the outputs have come to their end
	replied     bool
	idle        bool
	done        chan struct{} // closed when the reply has been sent as well
	once        sync.Once
}

func newRun(p *zmtp.Peer, m *jupyter.Message) (*run, error) {
	changed, code, stopOnError, refused, err := toRun(m)
	if err != nil {
		return nil, err
	}
	return &run{peer: p, request: changed, code: code, stopOnError: stopOnError, refused: refused, began: time.Now(),
		told: make(chan struct{}), done: make(chan struct{})}, nil
}

func (r *run) interrupt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.interrupted = true
}

// output takes an output of the cell from GoNB and publishes what becomes of it.
func (c *cells) output(r *run, m *jupyter.Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch m.Header.Type {
	case "execute_input":
		c.input(r, m)
	case "stream":
		var content struct{ Name, Text string }
		if json.Unmarshal(m.Content, &content) != nil {
			return
		}
		if content.Name != "stderr" {
			c.print(r, content.Name, content.Text)
			return
		}
		for _, text := range r.stderr.write(content.Text) {
			c.print(r, "stderr", text)
		}
		if r.stderr.holds() {
			time.AfterFunc(patience, func() {
				r.mu.Lock()
				defer r.mu.Unlock()
				c.print(r, "stderr", r.stderr.doubt())
			})
		}
	case "error":
		c.fail(r, m)
	case "status":
		var content struct {
			State string `json:"execution_state"`
		}
		if json.Unmarshal(m.Content, &content) == nil && content.State == "idle" {
			c.end(r, m)
		}
		c.k.publish(m)
		r.finish()
	default:
		r.printed.flush()
		c.k.publish(m)
	}
}

// input tells the clients what runs, and with which number.
func (c *cells) input(r *run, m *jupyter.Message) {
	var content map[string]any
	if json.Unmarshal(m.Content, &content) != nil {
		return
	}
	if number, ok := content["execution_count"].(float64); ok {
		r.number = int(number)
	}
	if r.refused != nil {
		content["code"] = r.code
		if changed, err := m.With(content); err == nil {
			m = changed
		}
	}
	c.k.publish(m)
}

// print publishes a text that the cell prints, soon.
func (c *cells) print(r *run, stream, text string) {
	if text == "" || !r.printed.write(stream, text) || r.waiting {
		return
	}
	r.waiting = true
	time.AfterFunc(r.printed.pace(), func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.waiting = false
		r.printed.flush()
	})
}

// asks shows what a cell has printed before it asks.
func (r *run) asks() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.printed.flush()
}

// fail publishes what went wrong, once, and in words.
func (c *cells) fail(r *run, m *jupyter.Message) {
	var content struct {
		Evalue    string
		Traceback []string
	}
	if json.Unmarshal(m.Content, &content) != nil || r.said != nil {
		return
	}
	panicked, rest := r.stderr.end()
	c.print(r, "stderr", rest)
	r.printed.end()
	said := c.explain(r, content.Evalue, content.Traceback, panicked)
	r.said = &said
	if changed, err := m.With(said); err == nil {
		c.k.publish(changed)
	}
}

// end is what comes before the cell's last message: what was held back after all, or
// why the cell was not run.
func (c *cells) end(r *run, m *jupyter.Message) {
	for _, text := range r.stderr.all() {
		c.print(r, "stderr", text)
	}
	r.printed.end()
	if r.refused != nil && r.said == nil {
		r.said = r.refused
		if e, err := r.request.Answer("error", r.said); err == nil {
			c.k.publish(e)
		}
	}
	if !r.idle {
		r.idle = true
		close(r.told)
	}
}

// reply is the answer to a cell that goes to its client: with the same words as the
// outputs, which are behind it on their way from GoNB.
func (c *cells) reply(r *run, m *jupyter.Message) *jupyter.Message {
	select {
	case <-r.told:
	case <-time.After(10 * time.Second):
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.said == nil {
		return m
	}
	if r.stopOnError {
		c.drop(r)
	}
	var content map[string]any
	if json.Unmarshal(m.Content, &content) != nil {
		return m
	}
	content["status"], content["ename"], content["evalue"], content["traceback"] = "error", r.said.Name, r.said.Value, r.said.Traceback
	delete(content, "user_expressions")
	if changed, err := m.With(content); err == nil {
		return changed
	}
	return m
}

// sent notes that the reply has been sent.
func (r *run) sent() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.replied = true
	r.finish()
}

// finish lets the next cell run when this one is through. r.mu is held.
func (r *run) finish() {
	if r.idle && r.replied {
		r.once.Do(func() { close(r.done) })
	}
}

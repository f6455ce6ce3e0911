package main

import (
	"encoding/json"
	"sync"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/names"
	"convbook/kernel/internal/zmtp"
)

// completions answers what could stand at the cursor: with what GoNB says, tidied, and
// with what the cells and the packages' sources say where GoNB says nothing yet, since
// a cell runs or gopls still reads.
type completions struct {
	k    *kernel
	root string

	mu      sync.Mutex
	waiting map[string]*completion // by the request's id
}

type completion struct {
	peer    *zmtp.Peer
	request *jupyter.Message
	cursor  int
	found   names.Found
}

const (
	// prompt is when a student gets what is known, JupyterLab having no more patience.
	prompt = 600 * time.Millisecond
	// late is when there is an answer at all events.
	late = 4 * time.Second
)

func newCompletions(k *kernel, root string) *completions {
	return &completions{k: k, root: root, waiting: map[string]*completion{}}
}

// ask takes a client's request. It returns what GoNB is asked.
func (c *completions) ask(p *zmtp.Peer, m *jupyter.Message) (*jupyter.Message, error) {
	content, same, err := sound(m, completeDefaults)
	if err != nil {
		return nil, err
	}
	code, cursor, inside := inRange(content)
	one := &completion{peer: p, request: m, cursor: cursor,
		found: names.At(string(code[:cursor]), string(code), c.k.cells.sources(), c.root)}
	id := m.Header.ID
	c.mu.Lock()
	c.waiting[id] = one
	c.mu.Unlock()
	time.AfterFunc(prompt, func() {
		if len(one.found.Names) > 0 {
			c.answer(id, nil)
		}
	})
	time.AfterFunc(late, func() { c.answer(id, nil) })
	if same && inside {
		return m, nil
	}
	return m.With(content)
}

// reply takes GoNB's answer.
func (c *completions) reply(m *jupyter.Message) {
	var content jupyter.Completion
	json.Unmarshal(m.Content, &content)
	c.answer(m.Parent.ID, &content)
}

// answer answers a request once: with GoNB's names, or what is known without it.
func (c *completions) answer(id string, gonb *jupyter.Completion) {
	c.mu.Lock()
	one := c.waiting[id]
	delete(c.waiting, id)
	c.mu.Unlock()
	if one == nil {
		return
	}
	matches, start, end := one.found.Names, one.cursor-len([]rune(one.found.Prefix)), one.cursor
	if gonb != nil && len(gonb.Matches) > 0 {
		if tidied := one.found.Tidy(gonb.Matches); len(tidied) > 0 {
			matches, start, end = tidied, gonb.Start, gonb.End
		}
	}
	if matches == nil {
		matches = []string{}
	}
	reply, err := one.request.Answer("complete_reply", map[string]any{"status": "ok", "matches": matches,
		"cursor_start": start, "cursor_end": end, "metadata": map[string]any{}})
	if err == nil {
		c.k.send(one.peer, reply)
	}
}

// sources returns the cells that have run, the last first.
func (c *cells) sources() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]string, 0, len(c.past)+1)
	if c.current != nil {
		list = append(list, c.current.code)
	}
	for _, past := range c.past {
		list = append(list, past.Code)
	}
	return list
}

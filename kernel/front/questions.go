package main

import (
	"encoding/json"
	"sync"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/zmtp"
)

// questions are requests of one kind about a cell's text. GoNB is asked, and what the cells
// and the packages' sources say is the answer where it says nothing yet, since a cell runs
// or gopls still reads.
type questions[Known, Said any] struct {
	k        *kernel
	defaults map[string]any
	know     func(before, after string) Known // without GoNB
	enough   func(Known) bool                 // to answer with soon
	reply    string                           // its kind
	content  func(q *asked[Known], gonb *Said) any

	mu      sync.Mutex
	waiting map[string]*asked[Known] // by the request's id
}

type asked[Known any] struct {
	peer    *zmtp.Peer
	request *jupyter.Message
	cursor  int
	known   Known
}

const (
	// prompt is when a student gets what is known, JupyterLab having no more patience.
	prompt = 600 * time.Millisecond
	// late is when there is an answer at all events.
	late = 4 * time.Second
)

// ask takes a client's request. It returns what GoNB is asked.
func (qs *questions[Known, Said]) ask(p *zmtp.Peer, m *jupyter.Message) (*jupyter.Message, error) {
	content, same, err := sound(m, qs.defaults)
	if err != nil {
		return nil, err
	}
	code, cursor, inside := inRange(content)
	q := &asked[Known]{p, m, cursor, qs.know(string(code[:cursor]), string(code[cursor:]))}
	id := m.Header.ID
	qs.mu.Lock()
	if qs.waiting == nil {
		qs.waiting = map[string]*asked[Known]{}
	}
	qs.waiting[id] = q
	qs.mu.Unlock()
	time.AfterFunc(prompt, func() {
		if qs.enough(q.known) {
			qs.answer(id, nil)
		}
	})
	time.AfterFunc(late, func() { qs.answer(id, nil) })
	if same && inside {
		return m, nil
	}
	return m.With(content)
}

// replied takes GoNB's answer.
func (qs *questions[Known, Said]) replied(m *jupyter.Message) {
	var said Said
	json.Unmarshal(m.Content, &said)
	qs.answer(m.Parent.ID, &said)
}

// answer answers a request once: with GoNB's words, or what is known without it.
func (qs *questions[Known, Said]) answer(id string, gonb *Said) {
	qs.mu.Lock()
	q := qs.waiting[id]
	delete(qs.waiting, id)
	qs.mu.Unlock()
	if q == nil {
		return
	}
	if reply, err := q.request.Answer(qs.reply, qs.content(q, gonb)); err == nil {
		qs.k.send(q.peer, reply)
	}
}

package main

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/names"
	"convbook/kernel/internal/zmtp"
)

// inspections answers what a name means: with what GoNB says, and with what the cells and
// the packages' sources say where GoNB says nothing, since gopls still reads.
type inspections struct {
	k    *kernel
	root string

	mu      sync.Mutex
	waiting map[string]*inspection // by the request's id
}

type inspection struct {
	peer    *zmtp.Peer
	request *jupyter.Message
	meaning names.Told
}

func newInspections(k *kernel, root string) *inspections {
	return &inspections{k: k, root: root, waiting: map[string]*inspection{}}
}

// ask takes a client's request. It returns what GoNB is asked.
func (i *inspections) ask(p *zmtp.Peer, m *jupyter.Message) (*jupyter.Message, error) {
	content, same, err := sound(m, inspectDefaults)
	if err != nil {
		return nil, err
	}
	code, cursor, inside := inRange(content)
	one := &inspection{peer: p, request: m,
		meaning: names.Meaning(string(code[:cursor]), string(code[cursor:]), string(code), i.k.cells.sources(), i.root)}
	id := m.Header.ID
	i.mu.Lock()
	i.waiting[id] = one
	i.mu.Unlock()
	time.AfterFunc(prompt, func() {
		if one.meaning.Declaration != "" {
			i.answer(id, nil)
		}
	})
	time.AfterFunc(late, func() { i.answer(id, nil) })
	if same && inside {
		return m, nil
	}
	return m.With(content)
}

// meant is what a kernel says that a name means.
type meant struct {
	Status   string         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// reply takes GoNB's answer.
func (i *inspections) reply(m *jupyter.Message) {
	var content meant
	json.Unmarshal(m.Content, &content)
	i.answer(m.Parent.ID, &content)
}

// answer answers a request once: with GoNB's words, or what is known without it.
func (i *inspections) answer(id string, gonb *meant) {
	i.mu.Lock()
	one := i.waiting[id]
	delete(i.waiting, id)
	i.mu.Unlock()
	if one == nil {
		return
	}
	said := told(gonb, one.meaning)
	if reply, err := one.request.Answer("inspect_reply", said); err == nil {
		i.k.send(one.peer, reply)
	}
}

// told is what a student is told: GoNB's words where they are about the name, and not
// about gopls or a program that does not compile.
func told(gonb *meant, meaning names.Told) meant {
	nothing := meant{Status: "ok", Data: map[string]any{}, Metadata: map[string]any{}}
	if gonb != nil && gonb.Status == "ok" && len(gonb.Data) > 0 && !complaint(gonb.Data) {
		if gonb.Metadata == nil {
			gonb.Metadata = map[string]any{}
		}
		return *gonb
	}
	if meaning.Declaration == "" {
		return nothing
	}
	nothing.Found, nothing.Data = true, map[string]any{"text/plain": meaning.Text(), "text/markdown": meaning.Markdown()}
	return nothing
}

// complaint says whether GoNB has an error for an answer: it gives those as plain text
// alone, a meaning as Markdown.
func complaint(data map[string]any) bool {
	if _, ok := data["text/markdown"]; ok {
		return false
	}
	text, _ := data["text/plain"].(string)
	return !strings.Contains(text, "%%") // its help on lines of commands
}

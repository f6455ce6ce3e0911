package main

import (
	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/zmtp"
)

// fromShell takes a client's request.
func (k *kernel) fromShell(p *zmtp.Peer, m *jupyter.Message) {
	<-k.ready
	switch m.Header.Type {
	case "execute_request":
		k.cells.begin(p, m)
		return
	case "is_complete_request":
		k.answer(p, m, "is_complete_reply", isComplete(m))
		return
	}
	var err error
	switch m.Header.Type {
	case "complete_request":
		m, err = k.completions.ask(p, m)
	case "inspect_request":
		m, err = k.inspections.ask(p, m)
	}
	if err != nil {
		k.refuse(err)
		return
	}
	k.forward(k.inside.shell, k.name(p), m)
}

// fromControl takes a request that does not wait behind cells.
func (k *kernel) fromControl(p *zmtp.Peer, m *jupyter.Message) {
	<-k.ready
	switch m.Header.Type {
	case "shutdown_request":
		k.shutdown.Store(true)
	case "interrupt_request":
		k.cells.interrupt()
	}
	k.forward(k.inside.control, k.name(p), m)
}

// fromStdin takes what a student has typed for a cell.
func (k *kernel) fromStdin(p *zmtp.Peer, m *jupyter.Message) {
	<-k.ready
	k.forward(k.inside.stdin, k.name(p), m)
}

// toShell hands a reply of GoNB's to the client that has asked, on the channel that it
// asked on.
func (k *kernel) toShell(m *jupyter.Message) {
	var r *run
	switch m.Header.Type {
	case "complete_reply":
		k.completions.replied(m)
		return
	case "inspect_reply":
		k.inspections.replied(m)
		return
	case "execute_reply":
		if r = k.cells.of(m); r != nil {
			m = k.cells.reply(r, m)
		}
	}
	if p := k.peer(m); p != nil {
		k.send(p, m)
	}
	if r != nil {
		r.sent()
	}
}

// toStdin hands a question of a cell's to the client whose cell it is: to the channel
// for such questions that has the same identity.
func (k *kernel) toStdin(m *jupyter.Message) {
	asker := k.peer(m)
	if asker == nil {
		return
	}
	if r := k.cells.of(m); r != nil {
		r.asks()
	}
	for _, p := range k.stdin.Peers() {
		if p.Identity() == asker.Identity() {
			k.send(p, m)
		}
	}
}

// fromIOPub hands an output of GoNB's to all clients.
func (k *kernel) fromIOPub(m *jupyter.Message) {
	if r := k.cells.of(m); r != nil {
		k.cells.output(r, m)
	} else {
		k.publish(m)
	}
}

func (k *kernel) send(p *zmtp.Peer, m *jupyter.Message) {
	if frames, err := m.Frames(k.key); err == nil {
		p.Send(frames)
	}
}

// publish sends an output to all clients. Its topic is the kind, as Python's kernel has it.
func (k *kernel) publish(m *jupyter.Message) {
	if frames, err := m.Frames(k.key); err == nil {
		k.iopub.Publish(append([][]byte{[]byte("kernel." + m.Header.Type)}, frames...))
	}
}

// answer answers a request that GoNB does not see, busy while it does.
func (k *kernel) answer(p *zmtp.Peer, request *jupyter.Message, kind string, content any) {
	status := func(state string) {
		if m, err := request.Answer("status", map[string]string{"execution_state": state}); err == nil {
			k.publish(m)
		}
	}
	status("busy")
	defer status("idle")
	if m, err := request.Answer(kind, content); err == nil {
		k.send(p, m)
	}
}

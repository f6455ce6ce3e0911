// Package pipe talks to GoNB, which started this program for a cell: through one named
// pipe go outputs to show, through another comes GoNB's word that it has them.
//
// GoNB's own client for it, gonbui, is not used: with encoding/gob, klog and a library
// for UUIDs it makes the program of every cell 1.7 MB larger. What is sent here is the
// same, and tests read it with gob and GoNB's types.
package pipe

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"sync"
	"time"
)

// The environment variables that name the two pipes.
const (
	ToKernel = "GONB_PIPE"
	ToCell   = "GONB_PIPE_BACK"
)

// Output is something to show.
type Output struct {
	ID      string            // outputs with the same id, unless it is empty, replace each other
	Data    map[string]string // by MIME type
	StandIn bool              // marked in the metadata: {"convbook": {"stand_in": true}}
}

// Pipe is the connection of a program to its kernel.
type Pipe struct {
	mu      sync.Mutex
	in      bool // there is a kernel
	to      *os.File
	err     error
	standIn bool // every output shows what a stand-in gave
	count   int
	waiting map[int]chan struct{} // until GoNB has answered the request with this number
}

// Kernel is the kernel of this program.
var Kernel = &Pipe{in: os.Getenv(ToKernel) != ""}

// Pretend makes the program one that a kernel started, or not: for tests.
func (p *Pipe) Pretend(in bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.in = in
}

// MarkStandIn marks all outputs from now on as made of a stand-in for the data.
func (p *Pipe) MarkStandIn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.standIn = true
}

// Open reports whether there is a kernel, and the error that keeps it from being
// reached.
func (p *Pipe) Open() (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.in && p.open() == nil, p.err
}

// open connects once; an error stays.
func (p *Pipe) open() error {
	if !p.in || p.err != nil || p.to != nil {
		return p.err
	}
	to, err := os.OpenFile(os.Getenv(ToKernel), os.O_WRONLY, 0)
	if err != nil {
		p.err = err
		return err
	}
	from, err := os.Open(os.Getenv(ToCell))
	if err == nil {
		_, err = to.Write(prelude)
	}
	if err != nil {
		to.Close()
		p.err = err
		return err
	}
	p.to, p.waiting = to, map[int]chan struct{}{}
	go p.listen(from)
	return nil
}

// Send hands an output to the kernel.
func (p *Pipe) Send(o Output) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	o.StandIn = o.StandIn || p.standIn
	return p.write(display(o))
}

func (p *Pipe) write(message []byte) error {
	if !p.in {
		return nil
	}
	if err := p.open(); err != nil {
		return err
	}
	if _, err := p.to.Write(message); err != nil {
		p.err = err
	}
	return p.err
}

// Sync waits until the kernel has passed on everything sent before, for at most a
// while.
func (p *Pipe) Sync(limit time.Duration) error {
	p.mu.Lock()
	if !p.in || p.err != nil {
		p.mu.Unlock()
		return p.err
	}
	p.count++
	number, done := p.count, make(chan struct{})
	err := p.write(syncRequest(number))
	if err == nil {
		p.waiting[number] = done
	}
	p.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-time.After(limit):
		return fmt.Errorf("no answer within %v", limit)
	}
}

// listen wakes those whose requests are answered, until the pipe ends. Messages for
// widgets pass unread.
func (p *Pipe) listen(from *os.File) {
	defer from.Close()
	for in := bufio.NewReader(from); ; {
		message, err := next(in)
		if err != nil {
			return
		}
		p.mu.Lock()
		for number, done := range p.waiting {
			if bytes.HasSuffix(message, syncAnswer(number)) {
				close(done)
				delete(p.waiting, number)
			}
		}
		p.mu.Unlock()
	}
}

package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/zmtp"
)

// line is a connection to GoNB, which several clients write to.
type line struct {
	*zmtp.Conn
	mu sync.Mutex
}

func (l *line) send(frames [][]byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Write(frames)
}

// identity is how GoNB knows the front on all channels: it sends a question to a
// student where the cell's request came from.
const identity = "front"

// connect connects to GoNB and waits until it answers.
func (k *kernel) connect(c *jupyter.Connection, ended <-chan struct{}, stop <-chan os.Signal) error {
	died := errors.New("GoNB ended before it answered")
	for _, channel := range []struct {
		to   **line
		kind string
		port int
	}{{&k.inside.shell, "DEALER", c.Shell}, {&k.inside.control, "DEALER", c.Control},
		{&k.inside.stdin, "DEALER", c.Stdin}, {&k.inside.iopub, "SUB", c.IOPub}} {
		network, address := c.Address(channel.port)
		var conn net.Conn
		for {
			var err error
			if conn, err = net.Dial(network, address); err == nil {
				break
			}
			select {
			case <-ended:
				return died
			case <-stop:
				return errors.New("stopped before GoNB answered")
			case <-time.After(2 * time.Millisecond):
			}
		}
		z, err := zmtp.Open(conn, channel.kind, identity, zmtp.Limits{Message: largestOut})
		if err != nil {
			return fmt.Errorf("GoNB: %w", err)
		}
		*channel.to = &line{Conn: z}
	}
	if err := k.inside.iopub.send([][]byte{{1}}); err != nil { // subscribe to everything
		return fmt.Errorf("GoNB: %w", err)
	}
	heard := make(chan struct{})
	go k.read(k.inside.iopub, heardFirst(heard, k.fromIOPub))
	go k.read(k.inside.shell, k.toShell)
	go k.read(k.inside.control, k.toShell)
	go k.read(k.inside.stdin, k.toStdin)
	// Outputs come only when the subscription has reached GoNB: it is asked until one has.
	for {
		m, err := jupyter.NewRequest("kernel_info_request", struct{}{})
		if err != nil {
			return err
		}
		if err := k.forward(k.inside.shell, []byte("0"), m); err != nil {
			return fmt.Errorf("GoNB: %w", err)
		}
		select {
		case <-heard:
			defer close(k.ready)
			return k.set()
		case <-ended:
			return died
		case <-stop:
			return errors.New("stopped before GoNB answered")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// set has GoNB leave out what it would do for every cell for nothing: it asks "go get"
// whether a package is missing, which cannot fetch it without the network, and which
// "go build" finds as well.
func (k *kernel) set() error {
	m, err := jupyter.NewRequest("execute_request", map[string]any{"code": "%noautoget", "silent": true, "store_history": false,
		"user_expressions": map[string]any{}, "allow_stdin": false, "stop_on_error": false})
	if err != nil {
		return err
	}
	return k.forward(k.inside.shell, []byte("0"), m)
}

// heardFirst takes GoNB's messages until a client has asked for something: they answer
// the front's own questions.
func heardFirst(heard chan struct{}, then func(*jupyter.Message)) func(*jupyter.Message) {
	var once sync.Once
	return func(m *jupyter.Message) {
		once.Do(func() { close(heard) })
		then(m)
	}
}

// read hands on what comes from GoNB until that ends.
func (k *kernel) read(from *line, to func(*jupyter.Message)) {
	for {
		frames, err := from.Read()
		if err != nil {
			return
		}
		if m, err := jupyter.Decode(frames, k.key); err == nil {
			to(m)
		} else {
			fmt.Fprintln(os.Stderr, "the kernel: GoNB sends what is no message:", err)
		}
	}
}

// forward sends a client's message to GoNB.
func (k *kernel) forward(to *line, name []byte, m *jupyter.Message) error {
	frames, err := m.Frames(k.key)
	if err != nil {
		return err
	}
	return to.send(append([][]byte{name}, frames...))
}

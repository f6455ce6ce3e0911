package jupyter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"convbook/kernel/internal/zmtp"
)

// Client is connected to one kernel. It serves one goroutine at a time.
type Client struct {
	key     []byte
	session string
	shell   *zmtp.Conn
	control *zmtp.Conn
	iopub   *zmtp.Conn
	closed  chan struct{}
	close   sync.Once

	replies  chan received // from shell and control
	messages chan received // from iopub
}

type received struct {
	message *Message
	err     error
}

// ErrKernelDied is the error of a request whose kernel ended before it
// answered.
var ErrKernelDied = errors.New("the kernel ended")

// Dial connects to a kernel and waits until it answers and its outputs arrive.
// dead is closed when the kernel's process ends.
func Dial(ctx context.Context, c *Connection, dead <-chan struct{}) (*Client, error) {
	k := &Client{key: []byte(c.Key), session: newID(), closed: make(chan struct{}),
		replies: make(chan received, 16), messages: make(chan received, 1024)}
	for _, channel := range []struct {
		conn **zmtp.Conn
		kind string
		port int
	}{{&k.shell, "DEALER", c.Shell}, {&k.control, "DEALER", c.Control}, {&k.iopub, "SUB", c.IOPub}} {
		conn, err := k.dial(ctx, c, channel.kind, channel.port, dead)
		if err != nil {
			k.Close()
			return nil, fmt.Errorf("jupyter: connecting to the kernel: %w", err)
		}
		*channel.conn = conn
	}
	if err := k.iopub.Write([][]byte{{1}}); err != nil { // subscribe to everything
		k.Close()
		return nil, fmt.Errorf("jupyter: connecting to the kernel: %w", err)
	}
	go k.receive(k.shell, k.replies)
	go k.receive(k.control, k.replies)
	go k.receive(k.iopub, k.messages)
	if err := k.greet(ctx, dead); err != nil {
		k.Close()
		return nil, fmt.Errorf("jupyter: waiting for the kernel's first answer: %w", err)
	}
	return k, nil
}

// largest is more than any message of a kernel: an output of a cell.
const largest = 1 << 30

// dial tries until the kernel listens.
func (k *Client) dial(ctx context.Context, c *Connection, kind string, port int, dead <-chan struct{}) (*zmtp.Conn, error) {
	network, address := c.Address(port)
	var dialer net.Dialer
	for {
		conn, err := dialer.DialContext(ctx, network, address)
		if err == nil {
			return zmtp.Open(conn, kind, k.session, zmtp.Limits{Message: largest, Stall: 30 * time.Second})
		}
		select {
		case <-dead:
			return nil, ErrKernelDied
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// greet asks for the kernel's information until both an answer and an output
// message have come: only then has the subscription reached the kernel.
func (k *Client) greet(ctx context.Context, dead <-chan struct{}) error {
	// A channel that says nothing is left by a kernel that has no room for strangers.
	if _, err := k.send(k.control, "kernel_info_request", struct{}{}); err != nil {
		return err
	}
	answered, heard := false, false
	for !answered || !heard {
		if _, err := k.send(k.shell, "kernel_info_request", struct{}{}); err != nil {
			return err
		}
		again := time.After(100 * time.Millisecond)
		for waiting := true; waiting && !(answered && heard); {
			select {
			case r := <-k.replies:
				if r.err != nil {
					return r.err
				}
				answered = true
			case r := <-k.messages:
				if r.err != nil {
					return r.err
				}
				heard = true
			case <-again:
				waiting = false
			case <-dead:
				return ErrKernelDied
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// receive hands on what comes from a channel until it fails or the client is closed.
func (k *Client) receive(from *zmtp.Conn, to chan<- received) {
	for {
		var r received
		frames, err := from.Read()
		if err == nil {
			r.message, err = Decode(frames, k.key)
		}
		if err == nil && !json.Valid(r.message.Content) {
			r.message, err = nil, errors.New("jupyter: content is not JSON")
		}
		r.err = err
		select {
		case to <- r:
		case <-k.closed:
			return
		}
		if err != nil {
			return
		}
	}
}

func (k *Client) send(to *zmtp.Conn, kind string, content any) (id string, err error) {
	m, err := newMessage(k.session, kind, content)
	if err != nil {
		return "", err
	}
	frames, err := m.Frames(k.key)
	if err != nil {
		return "", err
	}
	if err := to.Write(frames); err != nil {
		return "", fmt.Errorf("jupyter: sending %s: %w", kind, err)
	}
	return m.Header.ID, nil
}

// Reply is the kernel's answer to code.
type Reply struct {
	Status         string   `json:"status"` // "ok" or "error"
	ExecutionCount int      `json:"execution_count"`
	Name           string   `json:"ename"`
	Value          string   `json:"evalue"`
	Traceback      []string `json:"traceback"`
}

// Execute runs code and calls each for every output message of it as it comes.
// It returns when the kernel has answered and has become idle again. When ctx
// ends, or dead is closed, it returns at once with the reason; Interrupt then
// stops the code.
func (k *Client) Execute(ctx context.Context, code string, dead <-chan struct{}, each func(*Message)) (*Reply, error) {
	id, err := k.send(k.shell, "execute_request", map[string]any{
		"code": code, "silent": false, "store_history": true,
		"user_expressions": map[string]any{}, "allow_stdin": false, "stop_on_error": true,
	})
	if err != nil {
		return nil, err
	}
	var reply *Reply
	idle := false
	for reply == nil || !idle {
		select {
		case r := <-k.messages:
			if r.err != nil {
				return nil, lost(r.err, dead)
			}
			if r.message.Parent.ID != id {
				continue
			}
			if r.message.Header.Type == "status" {
				idle = idle || state(r.message) == "idle"
				continue
			}
			each(r.message)
		case r := <-k.replies:
			if r.err != nil {
				return nil, lost(r.err, dead)
			}
			if r.message.Parent.ID == id && r.message.Header.Type == "execute_reply" {
				reply = new(Reply)
				if err := json.Unmarshal(r.message.Content, reply); err != nil {
					return nil, fmt.Errorf("jupyter: the kernel's answer: %w", err)
				}
			}
		case <-dead:
			return nil, ErrKernelDied
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	return reply, nil
}

// lost returns why a connection failed: a kernel that ends closes its
// connections a moment before its end is seen.
func lost(err error, dead <-chan struct{}) error {
	select {
	case <-dead:
		return ErrKernelDied
	case <-time.After(500 * time.Millisecond):
		return err
	}
}

func state(m *Message) string {
	var content struct {
		State string `json:"execution_state"`
	}
	if json.Unmarshal(m.Content, &content) != nil {
		return ""
	}
	return content.State
}

// Interrupt asks the kernel to stop the code that it runs.
func (k *Client) Interrupt() error {
	_, err := k.send(k.control, "interrupt_request", struct{}{})
	return err
}

// Shutdown asks the kernel to end.
func (k *Client) Shutdown() error {
	_, err := k.send(k.control, "shutdown_request", map[string]bool{"restart": false})
	return err
}

// Close ends the connection.
func (k *Client) Close() {
	k.close.Do(func() { close(k.closed) })
	for _, channel := range []*zmtp.Conn{k.shell, k.control, k.iopub} {
		if channel != nil {
			channel.Close()
		}
	}
}

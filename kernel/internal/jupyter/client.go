package jupyter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Client is connected to one kernel. It serves one goroutine at a time.
type Client struct {
	key     []byte
	session string
	shell   zmq4.Socket
	control zmq4.Socket
	iopub   zmq4.Socket
	cancel  context.CancelFunc

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

// ErrNotConnected is the error of a Dial that could not connect: the kernel ended
// before, or something else listens on its ports. New ports may help.
var ErrNotConnected = errors.New("jupyter: no connection to the kernel")

// Dial connects to a kernel and waits until it answers and its outputs arrive.
// dead is closed when the kernel's process ends.
func Dial(ctx context.Context, c *Connection, dead <-chan struct{}) (*Client, error) {
	life, cancel := context.WithCancel(context.Background())
	k := &Client{key: []byte(c.Key), session: newID(), cancel: cancel,
		replies: make(chan received, 16), messages: make(chan received, 1024)}
	identity := zmq4.WithID(zmq4.SocketIdentity(k.session))
	retry := []zmq4.Option{identity, zmq4.WithDialerRetry(20 * time.Millisecond), zmq4.WithDialerMaxRetries(500)}
	k.shell = zmq4.NewDealer(life, retry...)
	k.control = zmq4.NewDealer(life, retry...)
	k.iopub = zmq4.NewSub(life, retry...)
	dialed := make(chan error, 1)
	go func() {
		dialed <- errors.Join(k.shell.Dial(c.address(c.Shell)), k.control.Dial(c.address(c.Control)),
			k.iopub.Dial(c.address(c.IOPub)), k.iopub.SetOption(zmq4.OptionSubscribe, ""))
	}()
	var err error
	select {
	case err = <-dialed:
		if err != nil {
			err = lost(err, dead)
		}
	case <-dead:
		err = ErrKernelDied
	case <-ctx.Done():
		k.Close()
		return nil, fmt.Errorf("jupyter: connecting to the kernel: %w", context.Cause(ctx))
	}
	if err != nil {
		k.Close()
		return nil, fmt.Errorf("%w: %w", ErrNotConnected, err)
	}
	go k.receive(life, k.shell, k.replies)
	go k.receive(life, k.control, k.replies)
	go k.receive(life, k.iopub, k.messages)
	if err := k.greet(ctx, dead); err != nil {
		k.Close()
		return nil, fmt.Errorf("jupyter: waiting for the kernel's first answer: %w", err)
	}
	return k, nil
}

// greet asks for the kernel's information until both an answer and an output
// message have come: only then has the subscription reached the kernel.
func (k *Client) greet(ctx context.Context, dead <-chan struct{}) error {
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

// receive hands on what comes from a socket until it fails or life ends.
func (k *Client) receive(life context.Context, socket zmq4.Socket, to chan<- received) {
	for {
		var r received
		frames, err := socket.Recv()
		if err == nil {
			r.message, err = decode(frames.Frames, k.key)
		}
		r.err = err
		select {
		case to <- r:
		case <-life.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

func (k *Client) send(socket zmq4.Socket, kind string, content any) (id string, err error) {
	m, err := newMessage(k.session, kind, content)
	if err != nil {
		return "", err
	}
	frames, err := m.encode(k.key)
	if err != nil {
		return "", err
	}
	if err := socket.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
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
	k.cancel()
	for _, socket := range []zmq4.Socket{k.shell, k.control, k.iopub} {
		socket.Close()
	}
}

package jupyter

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// fakeKernel answers on the ports of a connection as a kernel does.
type fakeKernel struct {
	t       *testing.T
	key     []byte
	shell   zmq4.Socket
	control zmq4.Socket
	iopub   zmq4.Socket
	asked   chan string // kinds of the requests on control
	execute func(f *fakeKernel, code string, parent Header, reply func(kind string, content any))
}

// start listens on the ports and returns a client that is connected to them.
func start(t *testing.T, execute func(f *fakeKernel, code string, parent Header, reply func(kind string, content any))) (*fakeKernel, *Client) {
	t.Helper()
	c, err := NewConnection()
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	f := &fakeKernel{t: t, key: []byte(c.Key), asked: make(chan string, 10), execute: execute,
		shell: zmq4.NewRouter(ctx), control: zmq4.NewRouter(ctx), iopub: zmq4.NewPub(ctx)}
	for socket, port := range map[zmq4.Socket]int{f.shell: c.Shell, f.control: c.Control, f.iopub: c.IOPub} {
		if err := socket.Listen(c.address(port)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { socket.Close() })
	}
	go f.serve(f.shell)
	go f.serve(f.control)
	client, err := Dial(ctx, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return f, client
}

func (f *fakeKernel) serve(socket zmq4.Socket) {
	for {
		request, err := socket.Recv()
		if err != nil {
			return
		}
		m, err := decode(request.Frames, f.key)
		if err != nil {
			f.t.Errorf("the client sent a message that is none: %v", err)
			return
		}
		reply := func(kind string, content any) { f.send(socket, request.Frames[0], m.Header, kind, content, f.key) }
		if socket == f.control {
			f.asked <- m.Header.Type
			continue
		}
		f.publish(m.Header, "status", map[string]string{"execution_state": "busy"})
		switch m.Header.Type {
		case "kernel_info_request":
			reply("kernel_info_reply", map[string]string{"status": "ok"})
		case "execute_request":
			var content struct{ Code string }
			if err := json.Unmarshal(m.Content, &content); err != nil {
				f.t.Error(err)
			}
			f.execute(f, content.Code, m.Header, reply)
		}
		f.publish(m.Header, "status", map[string]string{"execution_state": "idle"})
	}
}

func (f *fakeKernel) publish(parent Header, kind string, content any) {
	f.send(f.iopub, []byte("topic"), parent, kind, content, f.key)
}

func (f *fakeKernel) send(socket zmq4.Socket, to []byte, parent Header, kind string, content any, key []byte) {
	m, err := newMessage("kernel", kind, content)
	if err != nil {
		f.t.Error(err)
		return
	}
	header, _ := json.Marshal(m.Header)
	parentText, _ := json.Marshal(parent)
	parts := [][]byte{header, parentText, []byte("{}"), m.Content}
	socket.SendMulti(zmq4.NewMsgFrom(append([][]byte{to, delimiter, sign(key, parts)}, parts...)...))
}

func text(m *Message) string {
	var content struct{ Text string }
	json.Unmarshal(m.Content, &content)
	return content.Text
}

func TestExecute(t *testing.T) {
	_, client := start(t, func(f *fakeKernel, code string, parent Header, reply func(string, any)) {
		f.publish(Header{ID: "somebody else's"}, "stream", map[string]string{"text": "not for us"})
		f.publish(parent, "stream", map[string]string{"text": "before "})
		reply("execute_reply", map[string]any{"status": "ok", "execution_count": len(code)})
		f.publish(parent, "stream", map[string]string{"text": "and after the answer"})
	})
	for _, code := range []string{"x", "xyz"} {
		var got []string
		reply, err := client.Execute(t.Context(), code, nil, func(m *Message) { got = append(got, text(m)) })
		if err != nil {
			t.Fatal(err)
		}
		if reply.Status != "ok" || reply.ExecutionCount != len(code) {
			t.Errorf("answer %+v", reply)
		}
		if want := []string{"before ", "and after the answer"}; !slices.Equal(got, want) {
			t.Errorf("outputs %q, want %q", got, want)
		}
	}
}

func TestExecuteOfFailingCode(t *testing.T) {
	_, client := start(t, func(f *fakeKernel, code string, parent Header, reply func(string, any)) {
		reply("execute_reply", map[string]any{"status": "error", "ename": "ERROR", "evalue": "exit status 2", "traceback": []string{"line 1"}})
	})
	reply, err := client.Execute(t.Context(), "", nil, func(*Message) {})
	if err != nil || reply.Status != "error" || reply.Name != "ERROR" || reply.Value != "exit status 2" || !slices.Equal(reply.Traceback, []string{"line 1"}) {
		t.Errorf("answer %+v, error %v", reply, err)
	}
}

func TestExecuteEndsWithoutAnAnswer(t *testing.T) {
	ended := make(chan struct{})
	close(ended)
	stop := errors.New("stopped by the test")
	stopped, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	for _, c := range []struct {
		name string
		ctx  context.Context
		dead chan struct{}
		want error
	}{
		{"the kernel ended", t.Context(), ended, ErrKernelDied},
		{"the context ended", stopped, nil, stop},
	} {
		t.Run(c.name, func(t *testing.T) {
			release := make(chan struct{})
			defer close(release)
			_, client := start(t, func(*fakeKernel, string, Header, func(string, any)) { <-release })
			if _, err := client.Execute(c.ctx, "for {}", c.dead, func(*Message) {}); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func TestWronglySignedOutputIsAnError(t *testing.T) {
	_, client := start(t, func(f *fakeKernel, code string, parent Header, reply func(string, any)) {
		f.send(f.iopub, []byte("topic"), parent, "stream", map[string]string{"text": "forged"}, []byte("another key"))
	})
	_, err := client.Execute(t.Context(), "", nil, func(m *Message) {
		if m.Header.Type == "stream" {
			t.Errorf("the output %q was shown", text(m))
		}
	})
	if err == nil || !strings.Contains(err.Error(), "signature") {
		t.Errorf("error %v", err)
	}
}

func TestControlRequests(t *testing.T) {
	f, client := start(t, nil)
	for _, c := range []struct {
		kind string
		send func() error
	}{{"interrupt_request", client.Interrupt}, {"shutdown_request", client.Shutdown}} {
		if err := c.send(); err != nil {
			t.Fatal(err)
		}
		select {
		case kind := <-f.asked:
			if kind != c.kind {
				t.Errorf("asked for %q, want %q", kind, c.kind)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("%s did not arrive", c.kind)
		}
	}
}

func TestDialOfNobody(t *testing.T) {
	c, err := NewConnection()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	close(ended)
	if _, err := Dial(t.Context(), c, ended); !errors.Is(err, ErrKernelDied) {
		t.Errorf("the process ended: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Dial(ctx, c, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestConnectionFile(t *testing.T) {
	c, err := NewConnection()
	if err != nil {
		t.Fatal(err)
	}
	ports := []int{c.Shell, c.Control, c.IOPub, c.Stdin, c.Heartbeat}
	slices.Sort(ports)
	if len(slices.Compact(ports)) != 5 || ports[0] == 0 {
		t.Errorf("ports %v", ports)
	}
	path := filepath.Join(t.TempDir(), "connection.json")
	if err := c.Write(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the file with the key has the mode %v", info.Mode())
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(file, &fields); err != nil {
		t.Fatal(err)
	}
	if fields["ip"] != "127.0.0.1" || fields["transport"] != "tcp" || fields["signature_scheme"] != "hmac-sha256" ||
		fields["key"] != c.Key || fields["shell_port"] != float64(c.Shell) {
		t.Errorf("the file says %s", file)
	}
}

package jupyter

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/zmtp"
)

// fakeKernel answers on the sockets of a connection as a kernel does.
type fakeKernel struct {
	t       *testing.T
	key     []byte
	iopub   *zmtp.Server
	asked   chan string // kinds of the requests on control
	execute func(f *fakeKernel, code string, parent Header, reply func(kind string, content any))
}

// connection returns one in a folder of the test's.
func connection(t *testing.T) *Connection {
	t.Helper()
	c, remove, err := NewConnection(t.TempDir(), "k")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	return c
}

// start listens on the sockets and returns a client that is connected to them.
func start(t *testing.T, execute func(f *fakeKernel, code string, parent Header, reply func(kind string, content any))) (*fakeKernel, *Client) {
	t.Helper()
	c := connection(t)
	f := &fakeKernel{t: t, key: []byte(c.Key), asked: make(chan string, 10), execute: execute}
	limits := zmtp.Limits{Message: 1 << 20}
	shell := &zmtp.Server{Kind: "ROUTER", Limits: limits, Most: 2, Handle: f.serve}
	control := &zmtp.Server{Kind: "ROUTER", Limits: limits, Most: 2, Handle: func(_ *zmtp.Peer, frames [][]byte) {
		if m, err := Decode(frames, f.key); err == nil && m.Header.Type != "kernel_info_request" {
			f.asked <- m.Header.Type
		}
	}}
	f.iopub = &zmtp.Server{Kind: "PUB", Limits: limits, Most: 2}
	for server, port := range map[*zmtp.Server]int{shell: c.Shell, control: c.Control, f.iopub: c.IOPub} {
		l, err := net.Listen(c.Address(port))
		if err != nil {
			t.Fatal(err)
		}
		go server.Serve(l)
		t.Cleanup(func() { l.Close(); server.Close() })
	}
	client, err := Dial(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return f, client
}

func (f *fakeKernel) serve(peer *zmtp.Peer, frames [][]byte) {
	m, err := Decode(frames, f.key)
	if err != nil {
		f.t.Errorf("the client sent a message that is none: %v", err)
		return
	}
	reply := func(kind string, content any) { peer.Send(f.message(m.Header, kind, content, f.key)) }
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

func (f *fakeKernel) publish(parent Header, kind string, content any) {
	f.iopub.Publish(append([][]byte{[]byte("topic")}, f.message(parent, kind, content, f.key)...))
}

func (f *fakeKernel) message(parent Header, kind string, content any, key []byte) [][]byte {
	m, err := newMessage("kernel", kind, content)
	if err != nil {
		f.t.Error(err)
		return nil
	}
	m.Parent = parent
	frames, err := m.Frames(key)
	if err != nil {
		f.t.Error(err)
	}
	return frames
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
		f.iopub.Publish(append([][]byte{[]byte("topic")}, f.message(parent, "stream", map[string]string{"text": "forged"}, []byte("another key"))...))
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
	c := connection(t)
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
	folder := t.TempDir()
	c := connection(t)
	path := filepath.Join(folder, "connection.json")
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
	again, err := ReadConnection(path)
	if err != nil || *again != *c {
		t.Errorf("read %+v, %v; want %+v", again, err, c)
	}
	if network, address := c.Address(c.Shell); network != "unix" || address != c.IP+"-1" {
		t.Errorf("the shell is at %s %s", network, address)
	}
	for name, text := range map[string]string{
		"no JSON": `{`, "another transport": `{"transport": "udp"}`, "another signature": `{"transport": "tcp", "signature_scheme": "hmac-md5"}`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := ReadConnection(path); err == nil {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// A folder whose path is too long for a socket gets a short one beside it, of the
// user's own.
func TestLongFolder(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("합성곱", 20))
	c, remove, err := NewConnection(long, "k")
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(c.IP)
	info, err := os.Stat(folder)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%s: %v, %v", folder, info, err)
	}
	l, err := net.Listen(c.Address(c.Heartbeat))
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	remove()
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("%s is left: %v", folder, err)
	}
}

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// peer is the other end of a connection of the relay's.
type peer struct {
	t  *testing.T
	in *bufio.Reader
	frameWriter
}

func newPeer(t *testing.T, c net.Conn) *peer {
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second))
	return &peer{t: t, in: bufio.NewReader(c), frameWriter: frameWriter{w: c}}
}

func (p *peer) says(body string) {
	p.t.Helper()
	if err := p.write([]byte(body)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) hears(want string) {
	p.t.Helper()
	body, _, err := readFrame(p.in)
	if err != nil {
		p.t.Fatal(err)
	}
	if string(body) != want {
		p.t.Errorf("heard %s, want %s", body, want)
	}
}

// connect returns both ends of a relay: gopls and GoNB.
func connect(t *testing.T, limit time.Duration) (gopls, gonb *peer) {
	t.Helper()
	toGopls, ofGopls := net.Pipe()
	gopls = newPeer(t, toGopls)
	made := make(chan *relay, 1)
	go func() {
		r, err := newRelay(ofGopls, ofGopls, "/tmp/a b", limit)
		if err != nil {
			t.Error(err)
		}
		made <- r
	}()
	body, h, err := readFrame(gopls.in)
	if err != nil || h.Method != "initialize" || !strings.Contains(string(body), `"uri":"file:///tmp/a%20b"`) {
		t.Fatalf("greeted with %s, %v", body, err)
	}
	gopls.says(`{"jsonrpc":"2.0","method":"window/logMessage","params":{}}`)
	gopls.says(`{"jsonrpc":"2.0","id":"hello","result":{"capabilities":{"hoverProvider":true}}}`)
	gopls.hears(`{"jsonrpc":"2.0","method":"initialized","params":{}}`)
	r := <-made
	go r.fromGopls()
	toGoNB, ofGoNB := net.Pipe()
	go r.fromGoNB(ofGoNB)
	return gopls, newPeer(t, toGoNB)
}

func TestRelay(t *testing.T) {
	gopls, gonb := connect(t, time.Hour)
	gonb.says(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}`)
	gonb.hears(`{"jsonrpc":"2.0","id":1,"result":{"capabilities":{"hoverProvider":true}}}`)
	gonb.says(`{"jsonrpc":"2.0","method":"initialized","params":{}}`)

	opened := `{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"text":"한글"}}`
	gonb.says(opened)
	gopls.hears(opened)
	asked := `{"jsonrpc":"2.0","id":2,"method":"textDocument/completion","params":{}}`
	gonb.says(asked)
	gopls.hears(asked)
	notice := `{"jsonrpc":"2.0","method":"window/showMessage","params":{}}`
	gopls.says(notice)
	gonb.hears(notice)
	answer := `{"jsonrpc":"2.0","id":2,"result":{"items":[]}}`
	gopls.says(answer)
	gonb.hears(answer)
}

func TestLateAnswers(t *testing.T) {
	gopls, gonb := connect(t, 20*time.Millisecond)
	for id := range 3 {
		asked := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"textDocument/completion"}`, id)
		gonb.says(asked)
		gopls.hears(asked)
		gonb.hears(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":null}`, id))
		gopls.says(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":{"items":[1]}}`, id)) // nobody waits
	}
	notice := `{"jsonrpc":"2.0","method":"window/showMessage"}`
	gopls.says(notice)
	gonb.hears(notice)
}

func TestOddFrames(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Content-Length: 2\r\n\r\n{}", ""},
		{"content-length: 2\r\nContent-Type: x\r\n\r\n{}", ""},
		{"\r\n{}", "without Content-Length"},
		{"Content-Length: -1\r\n\r\n", `a message of "-1" bytes`},
		{"Content-Length: 99999999999\r\n\r\n{}", "bytes"},
		{"Content-Length: two\r\n\r\n{}", `a message of "two" bytes`},
		{"Content-Length: 60000000\r\n\r\n{}", "EOF"},
		{"Content-Length: 2\r\n\r\n[]", "not JSON-RPC"},
		{"Content-Length: 2", "EOF"},
	} {
		_, _, err := readFrame(bufio.NewReader(strings.NewReader(c.text)))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.text, err, c.want)
		}
	}
}

func TestRespond(t *testing.T) {
	var text strings.Builder
	w := &frameWriter{w: &text}
	if err := w.respond(json.RawMessage("7"), json.RawMessage("null")); err != nil {
		t.Fatal(err)
	}
	if want := "Content-Length: 38\r\n\r\n" + `{"jsonrpc":"2.0","id":7,"result":null}`; text.String() != want {
		t.Errorf("wrote %q, want %q", text.String(), want)
	}
}

func TestListenAddress(t *testing.T) {
	for _, c := range []struct {
		args  []string
		want  string
		found bool
	}{
		{[]string{"-listen", "unix;/tmp/a b/socket"}, "/tmp/a b/socket", true},
		{[]string{"-listen", "127.0.0.1:80"}, "127.0.0.1:80", false},
		{[]string{"-listen"}, "", false},
		{[]string{"version"}, "", false},
	} {
		if got, found := listenAddress(c.args); got != c.want || found != c.found {
			t.Errorf("listenAddress(%q) = %q, %v", c.args, got, found)
		}
	}
}

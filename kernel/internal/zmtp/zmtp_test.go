package zmtp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var small = Limits{Message: 1 << 20, Stall: 300 * time.Millisecond}

// serve starts a server on a socket and returns where.
func serve(t *testing.T, s *Server) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	t.Cleanup(func() { l.Close(); s.Close() })
	return path
}

// echo is a server that sends every message back.
func echo(t *testing.T, limits Limits, most int) (*Server, string) {
	s := &Server{Kind: "ROUTER", Limits: limits, Most: most, Handle: func(p *Peer, frames [][]byte) { p.Send(frames) }}
	return s, serve(t, s)
}

func dial(t *testing.T, path string) net.Conn {
	t.Helper()
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func connect(t *testing.T, path, kind string) *Conn {
	t.Helper()
	z, err := Open(dial(t, path), kind, "me", Limits{Message: 64 << 20, Stall: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestThereAndBack(t *testing.T) {
	_, path := echo(t, small, 4)
	z := connect(t, path, "DEALER")
	for _, message := range [][][]byte{
		{[]byte("hello")}, {{}, []byte("x"), {}}, {bytes.Repeat([]byte("a"), 255)}, {bytes.Repeat([]byte("a"), 256), []byte("b")},
		{bytes.Repeat([]byte("large"), 100_000), []byte("b")},
	} {
		if err := z.Write(message); err != nil {
			t.Fatal(err)
		}
		back, err := z.Read()
		if err != nil || !slices.EqualFunc(back, message, bytes.Equal) {
			t.Fatalf("%d frames came back as %d, %v", len(message), len(back), err)
		}
	}
}

func TestSubscriptions(t *testing.T) {
	s := &Server{Kind: "PUB", Limits: small, Most: 4}
	path := serve(t, s)
	all, some := connect(t, path, "SUB"), connect(t, path, "SUB")
	all.Write([][]byte{{1}})
	some.Write([][]byte{append([]byte{1}, "kernel."...)})
	some.Write([][]byte{}) // nothing, and what is no wish
	some.Write([][]byte{{7}, {7}})
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		peers := s.Peers()
		if len(peers) == 2 && peers[0].wants([]byte("kernel.x")) && peers[1].wants([]byte("kernel.x")) {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the subscriptions do not arrive")
		}
	}
	s.Publish([][]byte{[]byte("other"), []byte("1")})
	s.Publish([][]byte{[]byte("kernel.stream"), []byte("2")})
	for _, c := range []struct {
		who  *Conn
		want string
	}{{all, "1"}, {all, "2"}, {some, "2"}} {
		if m, err := c.who.Read(); err != nil || string(m[1]) != c.want {
			t.Errorf("heard %q, %v; want %q", m, err, c.want)
		}
	}
}

// greeting is what a peer begins with, READY included.
func greeting(kind string) []byte {
	var out bytes.Buffer
	hello := make([]byte, greetingSize)
	hello[0], hello[9], hello[10] = 0xFF, 0x7F, 3
	copy(hello[12:], "NULL")
	out.Write(hello)
	body := "\x05READY\x0bSocket-Type" + string(binary.BigEndian.AppendUint32(nil, uint32(len(kind)))) + kind
	out.Write(appendFrame(nil, command, []byte(body)))
	return out.Bytes()
}

// TestHostilePeers sends what no peer should; the connection is closed, and others are
// served as before.
func TestHostilePeers(t *testing.T) {
	_, path := echo(t, small, 8)
	good := connect(t, path, "DEALER")
	hello := greeting("DEALER")
	huge := binary.BigEndian.AppendUint64([]byte{long}, 1<<40)
	for name, text := range map[string][]byte{
		"nothing":                     nil,
		"a web browser":               []byte("GET / HTTP/1.1\r\n\r\n"),
		"half a greeting":             hello[:30],
		"another version":             append([]byte{0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 1}, make([]byte, 60)...),
		"another mechanism":           bytes.Replace(hello, []byte("NULL"), []byte("CURV"), 1),
		"no READY":                    append(slices.Clone(hello[:greetingSize]), 0, 1, 'x'),
		"a huge READY":                append(slices.Clone(hello[:greetingSize]), append([]byte{command | long}, huge[1:]...)...),
		"a broken READY":              append(slices.Clone(hello[:greetingSize]), appendFrame(nil, command, []byte("\x05READY\xff"))...),
		"a property of 2^32":          append(slices.Clone(hello[:greetingSize]), appendFrame(nil, command, []byte("\x05READY\x01a\xff\xff\xff\xff"))...),
		"another socket":              greeting("SUB"),
		"a frame of 2^40":             append(slices.Clone(hello), huge...),
		"a frame of 2^63":             append(slices.Clone(hello), binary.BigEndian.AppendUint64([]byte{long}, 1<<63)...),
		"half a frame":                append(slices.Clone(hello), 0, 200, 'x'),
		"flags of nothing":            append(slices.Clone(hello), 0xF0, 1, 'x'),
		"a command inside a message":  append(slices.Clone(hello), more, 1, 'x', command, 1, 'x'),
		"a message of endless frames": append(slices.Clone(hello), bytes.Repeat([]byte{more, 0}, 100_000)...),
		"many frames beyond limit":    append(slices.Clone(hello), bytes.Repeat(appendFrame(nil, more, make([]byte, 100_000)), 12)...),
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, path)
			go c.Write(text)
			c.SetReadDeadline(time.Now().Add(5 * time.Second))
			if _, err := io.Copy(io.Discard, c); err != nil && !strings.Contains(err.Error(), "reset") {
				t.Errorf("the connection stays: %v", err)
			}
			good.Write([][]byte{[]byte("still there?")})
			if m, err := good.Read(); err != nil || string(m[0]) != "still there?" {
				t.Fatalf("others are served no more: %q, %v", m, err)
			}
		})
	}
}

// TestAnnouncementsTakeNoMemory has many peers announce as much as they may.
func TestAnnouncementsTakeNoMemory(t *testing.T) {
	_, path := echo(t, Limits{Message: 1 << 30, Stall: time.Second}, 64)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 50 {
		c := dial(t, path)
		c.Write(append(greeting("DEALER"), append(binary.BigEndian.AppendUint64([]byte{long}, 1<<30), "some"...)...))
	}
	time.Sleep(300 * time.Millisecond)
	runtime.ReadMemStats(&after)
	if grown := after.HeapAlloc - before.HeapAlloc; after.HeapAlloc > before.HeapAlloc && grown > 20<<20 {
		t.Errorf("50 announcements take %d MB", grown>>20)
	}
}

// TestRoomIsMade keeps those that have proved who they are.
func TestRoomIsMade(t *testing.T) {
	s := &Server{Kind: "ROUTER", Limits: Limits{Message: 1 << 20}, Most: 4, Handle: func(p *Peer, frames [][]byte) { p.Trust(); p.Send(frames) }}
	path := serve(t, s)
	good := connect(t, path, "DEALER")
	good.Write([][]byte{[]byte("x")})
	good.Read()
	quiet := connect(t, path, "DEALER") // has nothing to say yet
	for range 30 {
		c := dial(t, path) // is left as soon as there is no room
		c.Write(greeting("DEALER"))
	}
	for end := time.Now().Add(5 * time.Second); len(s.Peers()) != 4; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d peers, want 4", len(s.Peers()))
		}
	}
	time.Sleep(settling + 100*time.Millisecond)
	for _, c := range []*Conn{good, quiet, connect(t, path, "DEALER")} {
		c.Write([][]byte{[]byte("y")})
		if m, err := c.Read(); err != nil || string(m[0]) != "y" {
			t.Errorf("one was left that should stay: %q, %v", m, err)
		}
	}
}

func TestCloseSendsWhatWaits(t *testing.T) {
	s := &Server{Kind: "ROUTER", Limits: small, Most: 4}
	done := make(chan struct{})
	s.Handle = func(p *Peer, frames [][]byte) {
		for range 100 {
			p.Send([][]byte{make([]byte, 10_000)})
		}
		close(done)
	}
	path := serve(t, s)
	z := connect(t, path, "DEALER")
	z.Write([][]byte{[]byte("go")})
	<-done
	go s.Close()
	for i := range 100 {
		if _, err := z.Read(); err != nil {
			t.Fatalf("message %d: %v", i, err)
		}
	}
	if _, err := z.Read(); !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}

// FuzzConn gives a connection any bytes.
func FuzzConn(f *testing.F) {
	f.Add(append(greeting("DEALER"), appendFrame(nil, more, []byte("a"))...))
	f.Add(append(greeting("DEALER"), appendFrame(nil, 0, make([]byte, 300))...))
	f.Add(append(greeting("REQ"), append(binary.BigEndian.AppendUint64([]byte{long}, 1<<40), 1)...))
	f.Fuzz(func(t *testing.T, text []byte) {
		ours, theirs := net.Pipe()
		go io.Copy(io.Discard, theirs)
		go func() {
			theirs.Write(text)
			theirs.Close()
		}()
		z, err := Open(ours, "ROUTER", "", Limits{Message: 1 << 16, Stall: time.Second})
		if err != nil {
			return
		}
		defer z.Close()
		for {
			frames, err := z.Read()
			if err != nil {
				return
			}
			total := 0
			for _, frame := range frames {
				total += len(frame)
			}
			if total > 1<<16 || len(frames) > mostFrames {
				t.Fatalf("a message of %d frames and %d bytes was taken", len(frames), total)
			}
		}
	})
}

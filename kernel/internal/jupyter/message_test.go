package jupyter

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

var key = []byte("a key of this test")

// frames returns a signed message with the given header, parent and content.
func frames(header, parent, content string) [][]byte {
	parts := [][]byte{[]byte(header), []byte(parent), []byte("{}"), []byte(content)}
	return append([][]byte{delimiter, sign(key, parts)}, parts...)
}

func TestMessageThereAndBack(t *testing.T) {
	m, err := newMessage("session 1", "execute_request", map[string]any{"code": "fmt.Println(\"안녕\")", "silent": false})
	if err != nil {
		t.Fatal(err)
	}
	sent, err := m.Frames(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, routing := range [][][]byte{nil, {[]byte("peer")}, {[]byte("topic"), []byte("more"), {}}} {
		got, err := Decode(append(slices.Clone(routing), sent...), key)
		if err != nil {
			t.Fatalf("behind %d frames of routing: %v", len(routing), err)
		}
		if got.Header != m.Header || got.Parent != (Header{}) || !bytes.Equal(got.Content, m.Content) {
			t.Errorf("got %+v, want %+v", got, m)
		}
	}
}

func TestIDsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := newID()
		if len(id) != 32 || seen[id] {
			t.Fatalf("id %q, seen before: %v", id, seen[id])
		}
		seen[id] = true
	}
}

func TestTamperedMessagesAreRefused(t *testing.T) {
	whole := frames(`{"msg_id":"1","msg_type":"stream"}`, `{"msg_id":"0"}`, `{"text":"hello"}`)
	if _, err := Decode(whole, key); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(whole); i++ {
		for _, change := range []func([]byte) []byte{
			func(b []byte) []byte { return append(b, ' ') },
			func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
			func(b []byte) []byte { return nil },
		} {
			tampered := slices.Clone(whole)
			tampered[i] = change(bytes.Clone(whole[i]))
			if m, err := Decode(tampered, key); err == nil {
				t.Errorf("frame %d changed to %q was taken: %+v", i, tampered[i], m)
			}
		}
	}
	if _, err := Decode(whole, []byte("another key")); err == nil || !strings.Contains(err.Error(), "signature") {
		t.Errorf("a message with another key's signature: %v", err)
	}
}

func TestMalformedMessagesAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, want string
		frames     [][]byte
	}{
		{"nothing", "without its parts", nil},
		{"no delimiter", "without its parts", [][]byte{[]byte("a"), []byte("b"), []byte("c"), []byte("d"), []byte("e"), []byte("f")}},
		{"cut short", "without its parts", frames("{}", "{}", "{}")[:5]},
		{"too many frames", "65 frames", make([][]byte, 65)},
		{"header no object", "header", frames(`[1]`, `{}`, `{}`)},
		{"parent no JSON", "parent header", frames(`{}`, `{`, `{}`)},
		{"id no text", "header", frames(`{"msg_id":7}`, `{}`, `{}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if m, err := Decode(c.frames, key); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %+v and error %v, want an error with %q", m, err, c.want)
			}
		})
	}
}

// FuzzDecode signs what it is given, so that decoding goes on behind the
// signature.
func FuzzDecode(f *testing.F) {
	f.Add(`{"msg_id":"1","msg_type":"status"}`, `{"msg_id":"0"}`, `{"execution_state":"idle"}`)
	f.Add(`{}`, `{}`, `{}`)
	f.Add(`[`, `null`, `1e999`)
	f.Add(`{"msg_id":"a","msg_id":"b"}`, ` {}`, strings.Repeat("[", 20000))
	f.Fuzz(func(t *testing.T, header, parent, content string) {
		m, err := Decode(frames(header, parent, content), key)
		if err != nil {
			return
		}
		state(m)
		sent, err := m.Frames(key)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(sent, key)
		if err != nil || again.Header != m.Header {
			t.Errorf("sent on: %+v, %v; want the header %+v", again, err, m.Header)
		}
	})
}

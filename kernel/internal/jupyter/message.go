package jupyter

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Header says what a message is.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// Message is one message from or to a kernel.
type Message struct {
	Header  Header
	Parent  Header          // of the request that it belongs to
	Content json.RawMessage // an object; its form depends on Header.Type

	Routing [][]byte // frames before the message: to whom, or on which topic
	whole   [][]byte // the frames from the delimiter on, as they came; nil: not come, or changed
	// Parts as they came, with whatever else than our Header they say; nil: none came.
	header, parent, metadata []byte
	buffers                  [][]byte
}

// maxFrames is the most frames of a message from outside.
const maxFrames = 64

var delimiter = []byte("<IDS|MSG>")

// newID returns 32 random hexadecimal digits.
func newID() string {
	id := make([]byte, 16)
	rand.Read(id)
	return hex.EncodeToString(id)
}

func newMessage(session, kind string, content any) (*Message, error) {
	raw, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("jupyter: content of %s: %w", kind, err)
	}
	return &Message{
		Header: Header{ID: newID(), Session: session, Username: "convbook", Date: time.Now().UTC().Format(time.RFC3339Nano),
			Type: kind, Version: "5.4"},
		Content: raw,
	}, nil
}

// NewRequest returns a message that asks for something, of a session of its own.
func NewRequest(kind string, content any) (*Message, error) {
	return newMessage(newID(), kind, content)
}

// Answer returns a message of a kind that belongs to a request: a reply, which goes
// where the request came from, or an output.
func (m *Message) Answer(kind string, content any) (*Message, error) {
	answer, err := newMessage(m.Header.Session, kind, content)
	if err != nil {
		return nil, err
	}
	answer.Parent, answer.parent, answer.Routing = m.Header, m.header, m.Routing
	return answer, nil
}

// With returns the message with another content.
func (m *Message) With(content any) (*Message, error) {
	raw, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("jupyter: content of %s: %w", m.Header.Type, err)
	}
	changed := *m
	changed.Content, changed.whole = raw, nil
	return &changed, nil
}

// Frames returns the message from its delimiter on, signed with key. One that came and
// was not changed is as it came.
func (m *Message) Frames(key []byte) ([][]byte, error) {
	if m.whole != nil {
		return m.whole, nil
	}
	parts := [][]byte{m.header, m.parent, m.metadata, m.Content}
	var err error
	if m.header == nil {
		if parts[0], err = json.Marshal(m.Header); err != nil {
			return nil, err
		}
	}
	switch {
	case m.parent != nil:
	case m.Parent == Header{}:
		parts[1] = []byte("{}")
	default:
		if parts[1], err = json.Marshal(m.Parent); err != nil {
			return nil, err
		}
	}
	if m.metadata == nil {
		parts[2] = []byte("{}")
	}
	return slices.Concat([][]byte{delimiter, sign(key, parts)}, parts, m.buffers), nil
}

// Decode reads frames and checks their signature. What stands before the delimiter
// is the message's routing. That its content is JSON is not looked at.
func Decode(frames [][]byte, key []byte) (*Message, error) {
	if len(frames) > maxFrames {
		return nil, fmt.Errorf("jupyter: a message of %d frames", len(frames))
	}
	at := slices.IndexFunc(frames, func(f []byte) bool { return bytes.Equal(f, delimiter) })
	if at < 0 || len(frames)-at < 6 {
		return nil, errors.New("jupyter: a message without its parts")
	}
	m := &Message{Routing: frames[:at:at], whole: frames[at:]}
	parts := m.whole[2:6]
	if !hmac.Equal(m.whole[1], sign(key, parts)) {
		return nil, errors.New("jupyter: a message with a wrong signature")
	}
	if err := json.Unmarshal(parts[0], &m.Header); err != nil {
		return nil, fmt.Errorf("jupyter: header: %w", err)
	}
	if err := json.Unmarshal(parts[1], &m.Parent); err != nil {
		return nil, fmt.Errorf("jupyter: parent header: %w", err)
	}
	m.header, m.parent, m.metadata, m.Content, m.buffers = parts[0], parts[1], parts[2], parts[3], m.whole[6:]
	return m, nil
}

// Signature is what the message came with; nil for one that was made here.
func (m *Message) Signature() []byte {
	if m.whole == nil {
		return nil
	}
	return m.whole[1]
}

// sign returns the hexadecimal HMAC-SHA256 of the parts.
func sign(key []byte, parts [][]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, p := range parts {
		mac.Write(p)
	}
	return []byte(hex.EncodeToString(mac.Sum(nil)))
}

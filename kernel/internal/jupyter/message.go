// Package jupyter speaks the Jupyter messaging protocol, version 5.4, with one
// kernel: it signs and checks messages and carries them over ZeroMQ.
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
}

// Limits on a message from outside: more is refused before it is decoded.
const (
	maxFrames = 64
	maxFrame  = 256 << 20
)

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

// encode writes a message as frames, signed with key.
func (m *Message) encode(key []byte) ([][]byte, error) {
	header, err := json.Marshal(m.Header)
	if err != nil {
		return nil, err
	}
	parts := [][]byte{header, []byte("{}"), []byte("{}"), m.Content}
	return append([][]byte{delimiter, sign(key, parts)}, parts...), nil
}

// decode reads frames and checks their signature. What stands before the
// delimiter is routing and is passed over.
func decode(frames [][]byte, key []byte) (*Message, error) {
	if len(frames) > maxFrames {
		return nil, fmt.Errorf("jupyter: a message of %d frames", len(frames))
	}
	for _, f := range frames {
		if len(f) > maxFrame {
			return nil, fmt.Errorf("jupyter: a frame of %d bytes", len(f))
		}
	}
	for len(frames) > 0 && !bytes.Equal(frames[0], delimiter) {
		frames = frames[1:]
	}
	if len(frames) < 6 {
		return nil, errors.New("jupyter: a message without its parts")
	}
	parts := frames[2:6]
	if !hmac.Equal(frames[1], sign(key, parts)) {
		return nil, errors.New("jupyter: a message with a wrong signature")
	}
	m := new(Message)
	if err := json.Unmarshal(parts[0], &m.Header); err != nil {
		return nil, fmt.Errorf("jupyter: header: %w", err)
	}
	if err := json.Unmarshal(parts[1], &m.Parent); err != nil {
		return nil, fmt.Errorf("jupyter: parent header: %w", err)
	}
	if !json.Valid(parts[3]) {
		return nil, errors.New("jupyter: content is not JSON")
	}
	m.Content = parts[3]
	return m, nil
}

// sign returns the hexadecimal HMAC-SHA256 of the parts.
func sign(key []byte, parts [][]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, p := range parts {
		mac.Write(p)
	}
	return []byte(hex.EncodeToString(mac.Sum(nil)))
}

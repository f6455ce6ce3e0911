package main

import "sync"

// signatures remembers the messages that came. A message has an id and a time, so
// that no two have one signature: a second one was recorded and is sent again.
type signatures struct {
	mu   sync.Mutex
	seen map[string]bool
	last []string // in the order they came, from next on round
	next int
}

// remembered is how many are; jupyter_client remembers as many.
const remembered = 1 << 16

func newSignatures() *signatures { return &signatures{seen: map[string]bool{}} }

// add says whether a signature is new, and remembers it.
func (s *signatures) add(signature []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := string(signature)
	if s.seen[text] {
		return false
	}
	s.seen[text] = true
	if len(s.last) < remembered {
		s.last = append(s.last, text)
		return true
	}
	delete(s.seen, s.last[s.next])
	s.last[s.next] = text
	s.next = (s.next + 1) % remembered
	return true
}

package zmtp

import (
	"net"
	"slices"
	"sync"
	"time"
)

// Server accepts the connections of one socket. Its fields are set before Serve.
type Server struct {
	Kind   string // ROUTER, PUB or REP
	Limits Limits
	Most   int // connections
	// Admit says whether a connection is listened to at all; nil: each is.
	Admit func(net.Conn) bool
	// Handle takes each message; messages of one peer come one after the other.
	Handle func(*Peer, [][]byte)

	mu      sync.Mutex
	peers   []*Peer // oldest first
	waiting []net.Conn
	closed  bool
}

// handshakes is how many peers may be shaking hands at the same time; the oldest of
// more is left.
const handshakes = 64

// Serve takes connections until the listener is closed.
func (s *Server) Serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			if isClosed(err) {
				return
			}
			time.Sleep(50 * time.Millisecond) // no more files can be open: others close theirs
			continue
		}
		if s.Admit != nil && !s.Admit(c) {
			c.Close()
			continue
		}
		s.mu.Lock()
		if len(s.waiting) == handshakes {
			s.waiting[0].Close()
			s.waiting = s.waiting[1:]
		}
		s.waiting = append(s.waiting, c)
		s.mu.Unlock()
		go s.talk(c)
	}
}

func (s *Server) talk(c net.Conn) {
	z, err := Open(c, s.Kind, "", s.Limits)
	s.mu.Lock()
	for i, w := range s.waiting {
		if w == c {
			s.waiting = append(s.waiting[:i:i], s.waiting[i+1:]...)
			break
		}
	}
	if err != nil || s.closed || !s.room() {
		s.mu.Unlock()
		c.Close()
		return
	}
	p := newPeer(z)
	s.peers = append(s.peers, p)
	s.mu.Unlock()
	go p.send()
	for {
		frames, err := z.Read()
		if err != nil {
			break
		}
		if s.Kind == "PUB" {
			p.subscribe(frames)
		} else {
			s.Handle(p, frames)
		}
	}
	s.remove(p)
}

// settling is how long a new peer has to prove something before it may be left for
// another one.
const settling = time.Second

// room makes room for one more peer: by leaving the newest of those that have had time
// to prove something and have not. Who was there before a crowd stays. s.mu is held.
func (s *Server) room() bool {
	if len(s.peers) < s.Most {
		return true
	}
	for i, p := range slices.Backward(s.peers) {
		if !p.Trusted() && time.Since(p.since) > settling {
			p.Close()
			s.peers = slices.Delete(slices.Clone(s.peers), i, i+1)
			return true
		}
	}
	return false
}

func (s *Server) remove(p *Peer) {
	p.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.peers {
		if other == p {
			s.peers = append(s.peers[:i:i], s.peers[i+1:]...)
			return
		}
	}
}

// Peers returns the peers that are connected.
func (s *Server) Peers() []*Peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*Peer(nil), s.peers...)
}

// Publish sends a message to all peers that have subscribed to its first frame.
func (s *Server) Publish(frames [][]byte) {
	for _, p := range s.Peers() {
		if p.wants(frames[0]) {
			p.Send(frames)
		}
	}
}

// Close sends what waits, for a moment, and leaves all peers.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	peers := s.peers
	waiting := s.waiting
	s.mu.Unlock()
	for _, c := range waiting {
		c.Close()
	}
	for _, p := range peers {
		p.finish(500 * time.Millisecond)
		p.Close()
	}
}

package zmtp

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Peer is one connection of a Server.
type Peer struct {
	conn    *Conn
	since   time.Time
	trusted atomic.Bool

	mu     sync.Mutex
	change *sync.Cond
	queue  [][][]byte // messages that wait to be sent
	queued int        // bytes of them
	idle   bool       // nothing is being sent
	closed bool
	topics [][]byte // what a subscriber has asked for
}

const (
	// backlog is how many bytes may wait for a peer before who sends waits for it.
	backlog = 64 << 20
	// patience is how long a peer may take nothing while others wait for it; then
	// it is left. ZeroMQ connects again by itself.
	patience = 10 * time.Second
	// mostTopics is how many subscriptions of a peer are kept; Jupyter makes one.
	mostTopics = 64
)

func newPeer(z *Conn) *Peer {
	p := &Peer{conn: z, since: time.Now(), idle: true}
	p.change = sync.NewCond(&p.mu)
	return p
}

// Identity is the name that the peer has given itself.
func (p *Peer) Identity() string { return p.conn.Identity }

// Trust keeps a peer when others are left to make room.
func (p *Peer) Trust() { p.trusted.Store(true) }

// Trusted says whether Trust was called.
func (p *Peer) Trusted() bool { return p.trusted.Load() }

// Send queues a message; the frames are not changed afterwards. It waits where too much
// is queued already.
func (p *Peer) Send(frames [][]byte) {
	size := 0
	for _, f := range frames {
		size += len(f)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.queued > backlog && !p.closed {
		before := p.queued
		late := time.AfterFunc(patience, func() {
			p.mu.Lock()
			stuck := p.queued >= before
			p.mu.Unlock()
			if stuck {
				p.Close()
			}
		})
		p.change.Wait()
		late.Stop()
	}
	if p.closed {
		return
	}
	p.queue = append(p.queue, frames)
	p.queued += size
	p.change.Broadcast()
}

// send sends what is queued until the peer is closed.
func (p *Peer) send() {
	for {
		p.mu.Lock()
		for len(p.queue) == 0 && !p.closed {
			p.idle = true
			p.change.Broadcast()
			p.change.Wait()
		}
		if p.closed {
			p.mu.Unlock()
			return
		}
		frames := p.queue[0]
		p.queue = p.queue[1:]
		p.idle = false
		p.mu.Unlock()
		err := p.conn.Write(frames)
		p.mu.Lock()
		for _, f := range frames {
			p.queued -= len(f)
		}
		p.change.Broadcast()
		p.mu.Unlock()
		if err != nil {
			p.Close()
			return
		}
	}
}

// finish waits until everything is sent, for a while.
func (p *Peer) finish(while time.Duration) {
	late := time.AfterFunc(while, p.Close)
	defer late.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.closed && (len(p.queue) > 0 || !p.idle) {
		p.change.Wait()
	}
}

// Close leaves the peer.
func (p *Peer) Close() {
	p.mu.Lock()
	p.closed = true
	p.queue = nil
	p.change.Broadcast()
	p.mu.Unlock()
	p.conn.Close()
}

// Closed says whether the peer has left.
func (p *Peer) Closed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// subscribe takes a subscriber's wish: 1 and a topic, or 0 to take it back.
func (p *Peer) subscribe(frames [][]byte) {
	if len(frames) != 1 || len(frames[0]) == 0 {
		return
	}
	topic := frames[0][1:]
	same := func(t []byte) bool { return bytes.Equal(t, topic) }
	p.mu.Lock()
	defer p.mu.Unlock()
	switch frames[0][0] {
	case 0:
		p.topics = slices.DeleteFunc(p.topics, same)
	case 1:
		if len(p.topics) < mostTopics && !slices.ContainsFunc(p.topics, same) {
			p.topics = append(p.topics, topic)
		}
	}
}

func (p *Peer) wants(topic []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.topics, func(t []byte) bool { return bytes.HasPrefix(topic, t) })
}

func isClosed(err error) bool { return errors.Is(err, net.ErrClosed) }

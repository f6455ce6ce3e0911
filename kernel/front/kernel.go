package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/zmtp"
)

// Limits on what comes from clients, of which some may be strangers on the machine.
const (
	mostPeers   = 64
	largestCell = 32 << 20 // bytes of a message of a client
	largestOut  = 1 << 30  // bytes of a message of GoNB's: an output
	stall       = 20 * time.Second
)

// kernel is what clients see.
type kernel struct {
	key       []byte
	listeners []net.Listener
	shell     *zmtp.Server
	control   *zmtp.Server
	stdin     *zmtp.Server
	iopub     *zmtp.Server
	heartbeat *zmtp.Server

	inside struct { // connections to GoNB
		shell, control, stdin, iopub *line
	}
	ready       chan struct{} // closed when GoNB answers
	seen        *signatures
	shutdown    atomic.Bool // was asked for
	cells       *cells
	completions *completions
	inspections *inspections
	refused     sync.Once // the first refusal is told, not all of an attack

	mu    sync.Mutex
	peers map[string]*zmtp.Peer // who has asked for something, by the name GoNB knows
	names map[*zmtp.Peer]string
	next  int
}

func newKernel(key []byte, at places) *kernel {
	k := &kernel{key: key, ready: make(chan struct{}), seen: newSignatures(),
		peers: map[string]*zmtp.Peer{}, names: map[*zmtp.Peer]string{}}
	k.cells, k.completions, k.inspections = newCells(k, at), newCompletions(k, at.root), newInspections(k, at.root)
	router := func(handle func(*zmtp.Peer, *jupyter.Message)) *zmtp.Server {
		return k.server("ROUTER", func(p *zmtp.Peer, frames [][]byte) {
			if m := k.admitted(p, frames); m != nil {
				handle(p, m)
			}
		})
	}
	k.shell, k.control, k.stdin = router(k.fromShell), router(k.fromControl), router(k.fromStdin)
	k.iopub = k.server("PUB", nil)
	k.heartbeat = k.server("REP", func(p *zmtp.Peer, frames [][]byte) { p.Send(frames) })
	return k
}

func (k *kernel) server(kind string, handle func(*zmtp.Peer, [][]byte)) *zmtp.Server {
	return &zmtp.Server{Kind: kind, Limits: zmtp.Limits{Message: largestCell, Stall: stall}, Most: mostPeers,
		Admit: func(c net.Conn) bool {
			ok := admit(c)
			if !ok {
				k.refuse(errors.New("a connection of another user"))
			}
			return ok
		}, Handle: handle}
}

// listen opens what a connection file says.
func (k *kernel) listen(c *jupyter.Connection) error {
	for _, channel := range []struct {
		server *zmtp.Server
		port   int
	}{{k.heartbeat, c.Heartbeat}, {k.iopub, c.IOPub}, {k.stdin, c.Stdin}, {k.control, c.Control}, {k.shell, c.Shell}} {
		network, address := c.Address(channel.port)
		l, err := net.Listen(network, address)
		if err != nil {
			return fmt.Errorf("the client's address cannot be opened: %w", err)
		}
		if network == "unix" {
			os.Chmod(address, 0o600)
		}
		k.listeners = append(k.listeners, l)
		go channel.server.Serve(l)
	}
	return nil
}

func (k *kernel) close() {
	for _, l := range k.listeners {
		l.Close()
	}
	for _, s := range []*zmtp.Server{k.iopub, k.shell, k.control, k.stdin, k.heartbeat} {
		s.Close()
	}
}

// admitted returns a client's message that is signed and new, else nil.
func (k *kernel) admitted(p *zmtp.Peer, frames [][]byte) *jupyter.Message {
	m, err := jupyter.Decode(frames, k.key)
	if err == nil && !k.seen.add(m.Signature()) {
		err = errors.New("a message that came before")
	}
	if err != nil {
		k.refuse(err)
		return nil
	}
	p.Trust()
	return m
}

func (k *kernel) refuse(err error) {
	k.refused.Do(func() {
		fmt.Fprintf(os.Stderr, "the kernel: refused: %v; what else is refused is not told\n", err)
	})
}

// asked says whether a client has asked the kernel to end.
func (k *kernel) asked() bool { return k.shutdown.Load() }

// alone returns a channel that is closed when the program that started the kernel has
// ended, nobody has been connected and no cell has run for a while.
func (k *kernel) alone(while time.Duration) <-chan struct{} {
	left := make(chan struct{})
	starter := os.Getppid()
	go func() {
		since := time.Now()
		for range time.Tick(time.Second) {
			if os.Getppid() == starter || k.connected() || k.cells.running() {
				since = time.Now()
			}
			if time.Since(since) > while {
				close(left)
				return
			}
		}
	}()
	return left
}

func (k *kernel) connected() bool {
	for _, s := range []*zmtp.Server{k.shell, k.control, k.iopub} {
		if len(s.Peers()) > 0 {
			return true
		}
	}
	return false
}

// name returns by which name GoNB knows a client; a reply to it comes back with it.
func (k *kernel) name(p *zmtp.Peer) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	if name, known := k.names[p]; known {
		return []byte(name)
	}
	k.forget()
	k.next++
	name := strconv.Itoa(k.next)
	k.names[p], k.peers[name] = name, p
	return []byte(name)
}

// forget drops the names of clients that have left. k.mu is held.
func (k *kernel) forget() {
	for p, name := range k.names {
		if p.Closed() {
			delete(k.names, p)
			delete(k.peers, name)
		}
	}
}

// peer returns a client by its name; nil when it has left.
func (k *kernel) peer(m *jupyter.Message) *zmtp.Peer {
	if len(m.Routing) == 0 {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.peers[string(m.Routing[len(m.Routing)-1])]
}

// Package zmtp speaks the part of ZeroMQ that Jupyter's channels need: ZMTP 3.0 with
// the NULL mechanism (RFC 23), over connections of TCP or of a socket in the file
// system. It is made for ports that anybody on the machine can reach: what a peer
// announces takes no memory, only what it has sent does, and that up to a limit;
// a peer that stops in the middle of a message is left.
//
//	greeting   FF 8 bytes 7F | 3 0 | "NULL" in 20 bytes | 0 | 31 bytes
//	command    04 size  | 5 "READY" | properties: size name, 4 bytes of size, value
//	message    frames: flags (1: more follow, 2: size has 8 bytes) size bytes
package zmtp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"time"
)

// Limits bound what a peer can make us hold.
type Limits struct {
	Message int           // bytes of one message
	Stall   time.Duration // how long a handshake, or the rest of a message that has begun, may take; 0: for ever
}

// Conn is a connection that has shaken hands. One goroutine may read and one write.
type Conn struct {
	Kind     string // of the peer's socket: DEALER, SUB, REQ, …
	Identity string // that the peer has given itself

	net    net.Conn
	in     *bufio.Reader
	limits Limits
	out    []byte // a message that is sent, kept for the next
}

const (
	greetingSize = 64
	largestReady = 1024 // bytes of a READY command; Jupyter's have less than 100
	mostFrames   = 128  // of a message; widgets send some tens
	atOnce       = 64 << 10

	more    = 1
	long    = 2
	command = 4
)

// fits says which kinds of sockets talk to each other.
var fits = map[string][]string{
	"ROUTER": {"DEALER", "REQ", "ROUTER"}, "DEALER": {"ROUTER", "REP", "DEALER"},
	"PUB": {"SUB", "XSUB"}, "SUB": {"PUB", "XPUB"}, "REP": {"REQ", "DEALER"},
}

// ErrTooLarge is the error of a message beyond the limit.
var ErrTooLarge = errors.New("zmtp: a message beyond the limit")

// Open shakes hands on a new connection, as a socket of a kind with an identity. It
// closes the connection when that fails.
func Open(c net.Conn, kind, identity string, limits Limits) (*Conn, error) {
	z := &Conn{net: c, in: bufio.NewReader(c), limits: limits}
	if limits.Stall > 0 {
		c.SetDeadline(time.Now().Add(limits.Stall))
	}
	if err := z.shakeHands(kind, identity); err != nil {
		c.Close()
		return nil, err
	}
	c.SetDeadline(time.Time{})
	return z, nil
}

func (z *Conn) shakeHands(kind, identity string) error {
	var hello [greetingSize]byte
	hello[0], hello[9], hello[10] = 0xFF, 0x7F, 3
	copy(hello[12:32], "NULL")
	body := append([]byte{5}, "READY"...)
	for _, p := range [][2]string{{"Socket-Type", kind}, {"Identity", identity}} {
		body = append(append(body, byte(len(p[0]))), p[0]...)
		body = append(binary.BigEndian.AppendUint32(body, uint32(len(p[1]))), p[1]...)
	}
	if _, err := z.net.Write(append(hello[:], appendFrame(nil, command, body)...)); err != nil {
		return fmt.Errorf("zmtp: greeting: %w", err)
	}
	for at := 0; at < greetingSize; at++ { // byte by byte: what is no greeting is left at its first
		b, err := z.in.ReadByte()
		if err != nil {
			return fmt.Errorf("zmtp: waiting for the peer's greeting: %w", err)
		}
		if at == 0 && b != 0xFF || at == 9 && b != 0x7F || at == 10 && b < 3 || at >= 12 && at < 32 && b != hello[at] {
			return errors.New("zmtp: the peer does not greet as ZMTP 3 with NULL")
		}
	}
	flags, size, err := z.head()
	if err != nil {
		return fmt.Errorf("zmtp: waiting for the peer's READY: %w", err)
	}
	if flags&command == 0 || size > largestReady {
		return errors.New("zmtp: the peer sends no READY")
	}
	ready, err := z.body(int(size))
	if err != nil {
		return fmt.Errorf("zmtp: the peer's READY: %w", err)
	}
	properties, err := properties(ready)
	if err != nil {
		return err
	}
	z.Kind, z.Identity = properties["socket-type"], properties["identity"]
	for _, other := range fits[kind] {
		if z.Kind == other {
			return nil
		}
	}
	return fmt.Errorf("zmtp: a %s does not talk to a %.20q", kind, z.Kind)
}

// properties returns the properties of a READY command, their names in small letters.
func properties(ready []byte) (map[string]string, error) {
	broken := errors.New("zmtp: a broken READY")
	name, rest, ok := cut(ready, 1)
	if !ok || string(name) != "READY" {
		return nil, broken
	}
	found := map[string]string{}
	for len(rest) > 0 {
		var value []byte
		if name, rest, ok = cut(rest, 1); !ok {
			return nil, broken
		}
		if value, rest, ok = cut(rest, 4); !ok {
			return nil, broken
		}
		found[lower(name)] = string(value)
	}
	return found, nil
}

// cut splits a text off that stands behind its size in so many bytes.
func cut(b []byte, width int) (text, rest []byte, ok bool) {
	if len(b) < width {
		return nil, nil, false
	}
	size := uint64(b[0])
	if width == 4 {
		size = uint64(binary.BigEndian.Uint32(b))
	}
	if size > uint64(len(b)-width) {
		return nil, nil, false
	}
	end := width + int(size)
	return b[width:end], b[end:], true
}

func lower(name []byte) string {
	small := make([]byte, len(name))
	for i, b := range name {
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		small[i] = b
	}
	return string(small)
}

// Close ends the connection; a Read or Write that waits ends with an error.
func (z *Conn) Close() error { return z.net.Close() }

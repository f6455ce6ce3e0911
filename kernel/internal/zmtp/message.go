package zmtp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Read returns the frames of the next message. Commands are passed over. After an
// error the connection is of no use.
func (z *Conn) Read() ([][]byte, error) {
	for {
		frames, isCommand, err := z.read()
		if err != nil || !isCommand {
			return frames, err
		}
	}
}

func (z *Conn) read() (frames [][]byte, isCommand bool, err error) {
	// Nobody is in a hurry before the first byte.
	if _, err := z.in.Peek(1); err != nil {
		return nil, false, err
	}
	if z.limits.Stall > 0 {
		z.net.SetReadDeadline(time.Now().Add(z.limits.Stall))
		defer z.net.SetReadDeadline(time.Time{})
	}
	left := z.limits.Message
	for {
		flags, size, err := z.head()
		if err != nil {
			return nil, false, middle(err)
		}
		if size > uint64(left) || len(frames) == mostFrames {
			return nil, false, ErrTooLarge
		}
		left -= int(size)
		body, err := z.body(int(size))
		if err != nil {
			return nil, false, middle(err)
		}
		if flags&command != 0 {
			if flags&more != 0 || len(frames) > 0 {
				return nil, false, errors.New("zmtp: a command inside a message")
			}
			return nil, true, nil
		}
		frames = append(frames, body)
		if flags&more == 0 {
			return frames, false, nil
		}
	}
}

// head reads what stands before the bytes of a frame.
func (z *Conn) head() (flags byte, size uint64, err error) {
	if flags, err = z.in.ReadByte(); err != nil {
		return 0, 0, err
	}
	if flags&^(more|long|command) != 0 {
		return 0, 0, fmt.Errorf("zmtp: a frame with the flags %#x", flags)
	}
	if flags&long == 0 {
		b, err := z.in.ReadByte()
		return flags, uint64(b), err
	}
	var eight [8]byte
	_, err = io.ReadFull(z.in, eight[:])
	return flags, binary.BigEndian.Uint64(eight[:]), err
}

// body reads the bytes of a frame. It holds at most twice of what has come.
func (z *Conn) body(size int) ([]byte, error) {
	b := make([]byte, min(size, atOnce))
	for done := 0; ; {
		if _, err := io.ReadFull(z.in, b[done:]); err != nil {
			return nil, err
		}
		if len(b) == size {
			return b, nil
		}
		done = len(b)
		grown := make([]byte, min(size, 2*done))
		copy(grown, b)
		b = grown
	}
}

// middle is the error of a message that ends before its end.
func middle(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Write sends a message.
func (z *Conn) Write(frames [][]byte) error {
	total := 0
	for _, f := range frames {
		total += len(f)
	}
	if total > atOnce {
		return z.writeLong(frames)
	}
	z.out = z.out[:0]
	for i, f := range frames {
		z.out = appendFrame(z.out, moreAfter(i, frames), f)
	}
	_, err := z.net.Write(z.out)
	return err
}

// writeLong sends a message without a copy of it.
func (z *Conn) writeLong(frames [][]byte) error {
	parts := make(net.Buffers, 0, 2*len(frames))
	for i, f := range frames {
		parts = append(parts, appendHead(nil, moreAfter(i, frames), len(f)), f)
	}
	_, err := parts.WriteTo(z.net)
	return err
}

func moreAfter(i int, frames [][]byte) byte {
	if i < len(frames)-1 {
		return more
	}
	return 0
}

func appendHead(b []byte, flags byte, size int) []byte {
	if size < 256 {
		return append(b, flags, byte(size))
	}
	return binary.BigEndian.AppendUint64(append(b, flags|long), uint64(size))
}

func appendFrame(b []byte, flags byte, body []byte) []byte {
	return append(appendHead(b, flags, len(body)), body...)
}

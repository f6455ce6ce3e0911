package opencl

import (
	"bytes"
	"fmt"
	"runtime"
	"unsafe"
)

// Buffer is memory of a device. It belongs to its context.
type Buffer struct {
	c    *Context
	name string
	size int // bytes
	mem  uintptr
}

// guardByte fills the guards: as a float it is a NaN, which no kernel may read either.
const guardByte = 0xFF

// Guard puts so many bytes, a multiple of 4, behind every buffer that is made from now on, which
// Guarded looks at: for tests.
func (c *Context) Guard(bytes int) { c.guard = bytes }

// Buffer makes a buffer of the given bytes with zeros in it. The name is for errors.
func (c *Context) Buffer(name string, size int) (*Buffer, error) {
	b := &Buffer{c: c, name: name, size: size}
	whole := max(size, 4) + c.guard
	if c.held+int64(whole) > c.most || int64(whole) > c.Device.Largest {
		return nil, fmt.Errorf("opencl: %s needs %d MB more, %s has %d MB in all and %d MB for one buffer: %w",
			name, whole>>20, c.Device.Name, c.Device.Memory>>20, c.Device.Largest>>20, ErrMemory)
	}
	var status int32
	b.mem = object(c.at(createBuffer), c.context, 1, uintptr(whole), 0, uintptr(unsafe.Pointer(&status)))
	if err := failed(fmt.Sprintf("%s, %d MB", name, whole>>20), status); err != nil {
		return nil, err
	}
	c.held += int64(whole)
	c.release = append(c.release, freed{releaseMemObject, b.mem})
	c.buffers = append(c.buffers, b)
	// Memory is only taken when it is written: here, and not in the middle of a training.
	const piece = 1 << 20
	zeros := make([]byte, min(whole, piece))
	for at := 0; at < size; at += piece {
		if err := b.write(zeros[:min(piece, size-at)], at, true); err != nil {
			return nil, err
		}
	}
	if c.guard > 0 {
		if err := b.write(bytes.Repeat([]byte{guardByte}, c.guard), whole-c.guard, true); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Guarded returns the names of the buffers behind which something was written.
func (c *Context) Guarded() (broken []string, err error) {
	for _, b := range c.buffers {
		found := make([]byte, c.guard)
		if err := b.read(found, max(b.size, 4), true, nil); err != nil {
			return nil, err
		}
		if !bytes.Equal(found, bytes.Repeat([]byte{guardByte}, c.guard)) {
			broken = append(broken, b.name)
		}
	}
	return broken, nil
}

// Left returns how many bytes more the context may have.
func (c *Context) Left() int64 { return c.most - c.held }

// Limit lets the context have so many bytes at most.
func (c *Context) Limit(bytes int64) { c.most = bytes }

// Number is what a buffer holds.
type Number interface {
	byte | int32 | uint32 | float32
}

// raw views numbers as bytes.
func raw[N Number](v []N) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(v))), len(v)*int(unsafe.Sizeof(v[0])))
}

// Write copies v to the buffer, from number at on, and waits until that is done.
func Write[N Number](b *Buffer, at int, v []N) error {
	return b.write(raw(v), at*int(unsafe.Sizeof(*new(N))), true)
}

// WriteLater enqueues Write. v must stay as it is until the queue has come so far, and
// must be pinned.
func WriteLater[N Number](b *Buffer, at int, v []N) error {
	return b.write(raw(v), at*int(unsafe.Sizeof(*new(N))), false)
}

// Read copies from the buffer, from number at on, when all that was enqueued has ended.
func Read[N Number](b *Buffer, at int, v []N) error {
	return b.read(raw(v), at*int(unsafe.Sizeof(*new(N))), true, nil)
}

// ReadLater enqueues Read. v must be pinned until the event was waited for.
func ReadLater[N Number](b *Buffer, at int, v []N) (*Event, error) {
	e := &Event{c: b.c}
	return e, b.read(raw(v), at*int(unsafe.Sizeof(*new(N))), false, e)
}

func (b *Buffer) write(v []byte, at int, wait bool) error {
	if len(v) == 0 {
		return nil
	}
	return failed("writing "+b.name, call(b.c.at(enqueueWriteBuffer), b.c.queue, b.mem, flag(wait), uintptr(at), uintptr(len(v)),
		uintptr(unsafe.Pointer(&v[0])), 0, 0, 0))
}

func (b *Buffer) read(v []byte, at int, wait bool, e *Event) error {
	if len(v) == 0 {
		return nil
	}
	event := new(uintptr)
	told := uintptr(0)
	if e != nil {
		event = &e.event
	}
	var pinned runtime.Pinner
	pinned.Pin(event)
	defer pinned.Unpin()
	if e != nil {
		told = uintptr(unsafe.Pointer(event))
	}
	return failed("reading "+b.name, call(b.c.at(enqueueReadBuffer), b.c.queue, b.mem, flag(wait), uintptr(at), uintptr(len(v)),
		uintptr(unsafe.Pointer(&v[0])), 0, 0, told))
}

func flag(b bool) uintptr {
	if b {
		return 1
	}
	return 0
}

// Event is a reading that goes on.
type Event struct {
	c     *Context
	event uintptr
}

// Wait waits until the numbers are there.
func (e *Event) Wait() error {
	if e.event == 0 {
		return nil
	}
	event := e.event
	e.event = 0
	err := failed("waiting for the device", call(e.c.at(waitForEvents), 1, uintptr(unsafe.Pointer(&event))))
	call(e.c.at(releaseEvent), event)
	return err
}

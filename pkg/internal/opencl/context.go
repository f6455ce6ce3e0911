package opencl

import (
	"errors"
	"runtime"
	"unsafe"
)

// Context is a device at work: its memory, its programs and its queue.
type Context struct {
	Device *Device

	library        *library
	context, queue uintptr
	release        []freed // what belongs to the context, in the order it was made
	buffers        []*Buffer
	guard          int // bytes behind every buffer
	held, most     int64
}

// freed is an object and what frees it.
type freed struct {
	by     function
	object uintptr
}

// Open makes the device ready. The error is a *TooOld where its driver cannot be used.
func (d *Device) Open() (*Context, error) {
	if err := d.Check(); err != nil {
		return nil, err
	}
	c := &Context{Device: d, library: d.library, most: d.Memory}
	var status int32
	id := d.id
	c.context = object(c.at(createContext), 0, 1, uintptr(unsafe.Pointer(&id)), 0, 0, uintptr(unsafe.Pointer(&status)))
	if err := failed("opening "+d.Name, status); err != nil || c.context == 0 {
		return nil, firstOf(err, ErrLost)
	}
	c.queue = object(c.at(createCommandQueue), c.context, d.id, 0, uintptr(unsafe.Pointer(&status)))
	if err := failed("the queue of "+d.Name, status); err != nil || c.queue == 0 {
		call(c.at(releaseContext), c.context)
		return nil, firstOf(err, ErrLost)
	}
	return c, nil
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (c *Context) at(f function) uintptr { return c.library.at[f] }

// Passing calls do and frees the programs, kernels and buffers that it makes.
func (c *Context) Passing(do func() error) error {
	release, buffers, held := len(c.release), len(c.buffers), c.held
	err := errors.Join(do(), c.Finish())
	c.free(release)
	c.buffers, c.held = c.buffers[:buffers], held
	return err
}

// free frees what was made after the first objects, the last one first.
func (c *Context) free(first int) {
	for i := len(c.release) - 1; i >= first; i-- {
		call(c.at(c.release[i].by), c.release[i].object)
	}
	c.release = c.release[:first]
}

// Close waits for the queue and frees all. A second Close does nothing.
func (c *Context) Close() {
	if c.context == 0 {
		return
	}
	call(c.at(finish), c.queue)
	c.free(0)
	call(c.at(releaseCommandQueue), c.queue)
	call(c.at(releaseContext), c.context)
	c.release, c.buffers, c.context, c.queue = nil, nil, 0, 0
}

// Flush hands what is enqueued to the device.
func (c *Context) Flush() error { return failed("flush", call(c.at(flush), c.queue)) }

// Finish waits until all that is enqueued has ended.
func (c *Context) Finish() error {
	return failed("waiting for the device", call(c.at(finish), c.queue))
}

// Program is compiled source. It belongs to its context.
type Program struct {
	c       *Context
	program uintptr
}

// Build compiles source with options such as "-DN=3". The error is a *NotCompiled where the
// compiler refuses it.
func (c *Context) Build(source, options string) (*Program, error) {
	text := append([]byte(source), 0)
	flags := append([]byte(options), 0)
	start := uintptr(unsafe.Pointer(&text[0]))
	var pinned runtime.Pinner
	pinned.Pin(&text[0])
	defer pinned.Unpin()
	var status int32
	program := object(c.at(createProgramWithSource), c.context, 1, uintptr(unsafe.Pointer(&start)), 0, uintptr(unsafe.Pointer(&status)))
	if err := failed("a program", status); err != nil {
		return nil, err
	}
	c.release = append(c.release, freed{releaseProgram, program})
	id := c.Device.id
	status = call(c.at(buildProgram), program, 1, uintptr(unsafe.Pointer(&id)), uintptr(unsafe.Pointer(&flags[0])), 0, 0)
	runtime.KeepAlive(text)
	if status != 0 {
		return nil, &NotCompiled{c.Device.String(), c.Device.Driver, status, c.log(program)}
	}
	return &Program{c, program}, nil
}

// log returns the words of the compiler.
func (c *Context) log(program uintptr) string {
	const buildLog = 0x1183
	var size uintptr
	call(c.at(getProgramBuildInfo), program, c.Device.id, buildLog, 0, 0, uintptr(unsafe.Pointer(&size)))
	if size == 0 || size > 1<<24 {
		return "the compiler says nothing"
	}
	text := make([]byte, size)
	call(c.at(getProgramBuildInfo), program, c.Device.id, buildLog, size, uintptr(unsafe.Pointer(&text[0])), 0)
	return string(text)
}

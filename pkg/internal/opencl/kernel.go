package opencl

import "unsafe"

// Kernel is a function of a program with its arguments. It keeps them between launches.
type Kernel struct {
	c      *Context
	name   string
	kernel uintptr
}

// Kernel returns a function of the program. Each call makes a kernel with arguments of its
// own.
func (p *Program) Kernel(name string) (*Kernel, error) {
	text := append([]byte(name), 0)
	var status int32
	kernel := object(p.c.at(createKernel), p.program, uintptr(unsafe.Pointer(&text[0])), uintptr(unsafe.Pointer(&status)))
	if err := failed("kernel "+name, status); err != nil {
		return nil, err
	}
	p.c.release = append(p.c.release, freed{releaseKernel, kernel})
	return &Kernel{p.c, name, kernel}, nil
}

// SetBuffer sets argument i to a buffer.
func (k *Kernel) SetBuffer(i int, b *Buffer) error {
	mem := b.mem
	return failed("an argument of "+k.name, call(k.c.at(setKernelArg), k.kernel, uintptr(i), unsafe.Sizeof(mem), uintptr(unsafe.Pointer(&mem))))
}

// SetInt sets argument i, an int.
func (k *Kernel) SetInt(i int, v int32) error {
	return failed("an argument of "+k.name, call(k.c.at(setKernelArg), k.kernel, uintptr(i), 4, uintptr(unsafe.Pointer(&v))))
}

// SetFloat sets argument i, a float.
func (k *Kernel) SetFloat(i int, v float32) error {
	return failed("an argument of "+k.name, call(k.c.at(setKernelArg), k.kernel, uintptr(i), 4, uintptr(unsafe.Pointer(&v))))
}

// Launch enqueues the kernel: groups of size work items, as many along each axis as groups
// says.
func (k *Kernel) Launch(groups [3]int, size int) error {
	global := [3]uintptr{uintptr(groups[0] * size), uintptr(groups[1]), uintptr(groups[2])}
	local := [3]uintptr{uintptr(size), 1, 1}
	return failed("launching "+k.name, call(k.c.at(enqueueNDRangeKernel), k.c.queue, k.kernel, 3, 0,
		uintptr(unsafe.Pointer(&global)), uintptr(unsafe.Pointer(&local)), 0, 0, 0))
}

package gpu

import "convbook/pkg/internal/opencl"

// launch is a kernel with its arguments, ready to be enqueued.
type launch struct {
	*kernel
	k    *opencl.Kernel
	ints map[string]int // what is set
	n    int
}

func newLaunch(program *opencl.Program, k *kernel) (*launch, error) {
	made, err := program.Kernel(k.name)
	if err != nil {
		return nil, err
	}
	l := &launch{kernel: k, k: made, ints: map[string]int{}}
	for i, a := range k.arguments {
		if a.buffer != nil {
			if err := made.SetBuffer(i, a.buffer); err != nil {
				return nil, err
			}
		}
	}
	return l, nil
}

// at returns the place of an argument that is set before a launch, or -1.
func (l *launch) at(name string) int {
	for i, a := range l.arguments {
		if a.name == name && a.buffer == nil {
			return i
		}
	}
	return -1
}

// int sets an argument, where the kernel has it.
func (l *launch) int(name string, v int) error {
	if name == "n" {
		l.n = v
	}
	if old, set := l.ints[name]; set && old == v {
		return nil
	}
	l.ints[name] = v
	if i := l.at(name); i >= 0 {
		return l.k.SetInt(i, int32(v))
	}
	return nil
}

func (l *launch) float(name string, v float32) error { return l.k.SetFloat(l.at(name), v) }

func (l *launch) buffer(name string, b *opencl.Buffer) error {
	if i := l.at(name); i >= 0 {
		return l.k.SetBuffer(i, b)
	}
	return nil
}

// run enqueues the kernel for the samples that were set.
func (l *launch) run() error { return l.k.Launch(l.groups(l.n), l.size) }

func runAll(ls []*launch) error {
	for _, l := range ls {
		if err := l.run(); err != nil {
			return err
		}
	}
	return nil
}

package gpu

import (
	"fmt"

	"convbook/pkg/internal/device"
)

// Counts are what a training asks of a device: told from the network alone, on paper.
type Counts struct {
	Kernels    []float64 // of each launch in its order, the operations of a product; 0 of what is none
	Bytes      int       // read and written, each number once a kernel
	Operations float64   // multiplications and additions of all products, those with the zeros of pooling included
}

// CountStep counts a step. It needs no device; the tiles do not matter.
func CountStep(w device.Work) (Counts, error) {
	p, err := onPaper(w)
	if err != nil {
		return Counts{}, err
	}
	var c Counts
	k := &p.kernels
	c.add(p.batch, append(append(append([]*kernel{}, k.forward...), k.loss), k.backward...)...)
	if k.update != nil {
		c.add(p.batch, k.update)
	}
	c.Bytes = p.Bytes()
	return c, nil
}

// CountEvaluation counts the evaluation of the training images on a device with so much memory
// left that it does not matter.
func CountEvaluation(w device.Work) (Counts, error) {
	p, err := onPaper(w)
	if err != nil {
		return Counts{}, err
	}
	var c Counts
	for first := 0; first < w.Train.Len(); first += p.capacity {
		n := min(p.capacity, w.Train.Len()-first)
		c.add(n, append(append([]*kernel{}, p.kernels.once...), p.kernels.count)...)
		c.Bytes += p.forwardBytes(n, false) + floatBytes*n*size(p.units[len(p.units)-1].out) + n
	}
	return c, nil
}

func (c *Counts) add(n int, kernels ...*kernel) {
	for _, k := range kernels {
		operations := k.operations(n)
		c.Kernels, c.Operations = append(c.Kernels, operations), c.Operations+operations
	}
}

// onPaper is a plan with its kernels, which are not compiled.
func onPaper(w device.Work) (*plan, error) {
	const plenty = 1 << 40
	p, err := laidOut(w, plenty)
	if err != nil {
		return nil, fmt.Errorf("gpu: %w", err)
	}
	p.write(new(source))
	return p, nil
}

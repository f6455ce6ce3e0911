package engine

import "convbook/pkg/internal/kernels"

// values are what stands between two operations: for each sample, positions x
// filters, with the filters rounded up to stride.
type values struct {
	height, width   int
	filters, stride int
	y, dy           []float32
	input           bool // the network's input, which is (C, H, W) and has no gradient
}

// size is how many numbers a sample has.
func (v *values) size() int { return v.height * v.width * v.stride }

// step is how far samples are apart. Those that are a power of two apart would fall on
// the same lines of the cache.
func (v *values) step() int {
	if v.input || v.size() < 1024 {
		return v.size()
	}
	return v.size() + kernels.Group
}

// of returns sample n of y or dy.
func (v *values) of(n int, y []float32) []float32 { return y[n*v.step() : n*v.step()+v.size()] }

func (v *values) resize(n int) {
	if !v.input {
		v.y = make([]float32, n*v.step())
	}
	v.dy = make([]float32, n*v.step())
}

package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/ndarray"
)

// values are what stands between two operations: for each sample, positions x
// filters, with the filters rounded up to stride.
type values struct {
	height, width   int
	filters, stride int
	y, dy           []float32
	input           bool    // the network's input, which is (C, H, W) and has no gradient
	shares          *values // whose y this shares, where a block hands it to several chains; the gradient is its own
}

// newValues makes room for samples of a shape: (C, H, W), or one position with all there
// is.
func newValues(shape []int) *values {
	if len(shape) == 3 {
		return &values{height: shape[1], width: shape[2], filters: shape[0], stride: kernels.RoundUp(shape[0])}
	}
	return &values{height: 1, width: 1, filters: size(shape), stride: size(shape)}
}

// newInput is newValues for the images that a network is given.
func newInput(shape []int) *values {
	v := newValues(shape)
	v.stride, v.input = v.filters, true
	return v
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
	switch {
	case v.shares != nil:
		v.y = v.shares.y
	case !v.input:
		v.y = make([]float32, n*v.step())
	}
	v.dy = make([]float32, n*v.step())
}

// array copies samples lo to hi of y or dy into an array (N, …) as layers have it.
func (v *values) array(lo, hi int, y []float32, shape []int) *ndarray.Array[float32] {
	a := ndarray.Zeros[float32](append([]int{hi - lo}, shape...)...)
	v.each(lo, hi, y, a.Data(), func(mine, its *float32) { *its = *mine })
	return a
}

// set copies such an array into samples lo to hi of y or dy.
func (v *values) set(lo, hi int, y []float32, a *ndarray.Array[float32]) {
	v.each(lo, hi, y, a.Data(), func(mine, its *float32) { *mine = *its })
}

// each calls f with each number of samples lo to hi and its place in the class's order.
func (v *values) each(lo, hi int, y, class []float32, f func(mine, its *float32)) {
	positions := v.height * v.width
	for n := lo; n < hi; n++ {
		from, to := v.of(n, y), class[(n-lo)*positions*v.filters:]
		for i := range positions * v.filters {
			at := i
			if !v.input {
				at = i%positions*v.stride + i/positions
			}
			f(&from[at], &to[i])
		}
	}
}

package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// values are what stands between two operations: for each sample, positions x
// filters, with the filters rounded up to stride.
type values[T ndarray.Float] struct {
	height, width   int
	filters, stride int
	y, dy           []T
	input           bool       // the network's input, which is (C, H, W) and has no gradient
	shares          *values[T] // whose y this shares, where a block hands it to several chains; the gradient is its own
}

// newValues makes room for samples of a shape: (C, H, W), or one position with all there
// is.
func newValues[T ndarray.Float](shape []int) *values[T] {
	if len(shape) == 3 {
		return &values[T]{height: shape[1], width: shape[2], filters: shape[0], stride: kernels.RoundUp(shape[0])}
	}
	all := shapes.Size(shape)
	return &values[T]{height: 1, width: 1, filters: all, stride: all}
}

// newInput is newValues for the images that a network is given.
func newInput[T ndarray.Float](shape []int) *values[T] {
	v := newValues[T](shape)
	v.stride, v.input = v.filters, true
	return v
}

// size is how many numbers a sample has.
func (v *values[T]) size() int { return v.height * v.width * v.stride }

// step is how far samples are apart. Those that are a power of two apart would fall on
// the same lines of the cache.
func (v *values[T]) step() int {
	if v.input || v.size() < 1024 {
		return v.size()
	}
	return v.size() + kernels.Group
}

// of returns sample n of y or dy.
func (v *values[T]) of(n int, y []T) []T { return y[n*v.step() : n*v.step()+v.size()] }

// clearRest makes the filters zero that are only there for rounding, of a sample.
func (v *values[T]) clearRest(y []T) {
	for at := v.filters; v.filters < v.stride && at < len(y); at += v.stride {
		clear(y[at : at+v.stride-v.filters])
	}
}

// resize makes room for y of n samples.
func (v *values[T]) resize(n int) {
	switch {
	case v.shares != nil:
		v.y = v.shares.y
	case !v.input:
		v.y = make([]T, n*v.step())
	}
}

// resizeGradient makes room for dy of n samples.
func (v *values[T]) resizeGradient(n int) { v.dy = make([]T, n*v.step()) }

// array copies samples lo to hi of y or dy into an array (N, …) as layers have it.
func (v *values[T]) array(lo, hi int, y []T, shape []int) *ndarray.Array[T] {
	a := ndarray.Zeros[T](append([]int{hi - lo}, shape...)...)
	v.each(lo, hi, y, a.Data(), func(mine, its *T) { *its = *mine })
	return a
}

// set copies such an array into samples lo to hi of y or dy.
func (v *values[T]) set(lo, hi int, y []T, a *ndarray.Array[T]) {
	v.each(lo, hi, y, a.Data(), func(mine, its *T) { *mine = *its })
}

// each calls f with each number of samples lo to hi and its place in the class's order.
func (v *values[T]) each(lo, hi int, y, class []T, f func(mine, its *T)) {
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

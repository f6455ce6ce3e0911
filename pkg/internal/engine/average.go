package engine

import (
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// averageOp is AveragePooling.
type averageOp[T ndarray.Float] struct {
	plain[T]
	layer *layers.AveragePooling[T]
}

func newAverageOp[T ndarray.Float](l *layers.AveragePooling[T], in *values[T]) *averageOp[T] {
	return &averageOp[T]{plain: newPooled(in, l.PoolH, l.PoolW, l.Stride, l.Pad), layer: l}
}

// each calls f with the channels of each window's output and of each position in it.
func (o *averageOp[T]) each(x, y []T, f func(x, y []T)) {
	l := o.layer
	for at := range o.out.height * o.out.width {
		window := y[at*o.out.stride : (at+1)*o.out.stride]
		top, left := at/o.out.width*l.Stride-l.Pad, at%o.out.width*l.Stride-l.Pad
		for row := max(top, 0); row < min(top+l.PoolH, o.in.height); row++ {
			for col := max(left, 0); col < min(left+l.PoolW, o.in.width); col++ {
				f(x[(row*o.in.width+col)*o.in.stride:], window)
			}
		}
	}
}

func (o *averageOp[T]) forward(lo, hi, part int, train bool) {
	share := 1 / T(o.layer.PoolH*o.layer.PoolW)
	for n := lo; n < hi; n++ {
		y := o.out.of(n, o.out.y)
		clear(y)
		o.each(o.in.of(n, o.in.y), y, func(x, y []T) {
			for i := range y {
				y[i] += x[i]
			}
		})
		for i := range y {
			y[i] *= share
		}
	}
}

func (o *averageOp[T]) backward(lo, hi, part int) {
	if o.in.input {
		return
	}
	share := 1 / T(o.layer.PoolH*o.layer.PoolW)
	for n := lo; n < hi; n++ {
		dx := o.in.of(n, o.in.dy)
		clear(dx)
		o.each(dx, o.out.of(n, o.out.dy), func(dx, dy []T) {
			for i, g := range dy {
				dx[i] += share * g
			}
		})
	}
}

package engine

import "convbook/pkg/layers"

// averageOp is AveragePooling.
type averageOp struct {
	plain
	layer *layers.AveragePooling[float32]
}

func newAverageOp(l *layers.AveragePooling[float32], in *values) *averageOp {
	out := &values{filters: in.filters, stride: in.stride,
		height: layers.OutSize(in.height, l.PoolH, l.Stride, l.Pad), width: layers.OutSize(in.width, l.PoolW, l.Stride, l.Pad)}
	return &averageOp{plain: plain{in: in, out: out}, layer: l}
}

// each calls f with the channels of each window's output and of each position in it.
func (o *averageOp) each(x, y []float32, f func(x, y []float32)) {
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

func (o *averageOp) forward(lo, hi, part int, train bool) {
	share := 1 / float32(o.layer.PoolH*o.layer.PoolW)
	for n := lo; n < hi; n++ {
		y := o.out.of(n, o.out.y)
		clear(y)
		o.each(o.in.of(n, o.in.y), y, func(x, y []float32) {
			for i := range y {
				y[i] += x[i]
			}
		})
		for i := range y {
			y[i] *= share
		}
	}
}

func (o *averageOp) backward(lo, hi, part int) {
	if o.in.input {
		return
	}
	share := 1 / float32(o.layer.PoolH*o.layer.PoolW)
	for n := lo; n < hi; n++ {
		dx := o.in.of(n, o.in.dy)
		clear(dx)
		o.each(dx, o.out.of(n, o.out.dy), func(dx, dy []float32) {
			for i, g := range dy {
				dx[i] += share * g
			}
		})
	}
}

package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// poolOp is Pooling that does not follow Convolution and Relu.
type poolOp[T ndarray.Float] struct {
	plain[T]
	layer *layers.Pooling[T]
	won   []int32 // of each output, the position that won, or -1 where the padding did
}

// newPoolOp returns the operation: that of the kernels, where they know such windows.
func newPoolOp[T ndarray.Float](l *layers.Pooling[T], in *values[T]) (op[T], *values[T]) {
	base := newPooled(in, l.PoolH, l.PoolW, l.Stride, l.Pad)
	if l.PoolH == 2 && l.PoolW == 2 && l.Stride == 2 && l.Pad == 0 && in.stride%kernels.Group == 0 {
		return &squarePoolOp[T]{plain: base}, base.out
	}
	return &poolOp[T]{plain: base, layer: l}, base.out
}

// newPooled makes values of windows of in for the output.
func newPooled[T ndarray.Float](in *values[T], height, width, stride, pad int) plain[T] {
	o := newPlain(in)
	o.out.height, o.out.width = layers.OutSize(in.height, height, stride, pad), layers.OutSize(in.width, width, stride, pad)
	return o
}

func (o *poolOp[T]) resize(n, parts int) {
	o.plain.resize(n, parts)
	o.won = make([]int32, n*o.out.size())
}

func (o *poolOp[T]) forward(lo, hi, part int, train bool) {
	for n := lo; n < hi; n++ {
		x, y, won := o.in.of(n, o.in.y), o.out.of(n, o.out.y), o.won[n*o.out.size():]
		for row := range o.out.height {
			for col := range o.out.width {
				at := (row*o.out.width + col) * o.out.stride
				o.window(x, row, col, y[at:at+o.out.stride], won[at:at+o.out.stride])
			}
		}
	}
}

// window finds the maxima of one window. The first of equal values counts, and the
// first nan wins, as in the layer.
func (o *poolOp[T]) window(x []T, row, col int, best []T, won []int32) {
	l := o.layer
	for i := range l.PoolH * l.PoolW {
		y, x0 := row*l.Stride+i/l.PoolW-l.Pad, col*l.Stride+i%l.PoolW-l.Pad
		place, stride := int32(-1), o.in.stride
		if y >= 0 && y < o.in.height && x0 >= 0 && x0 < o.in.width {
			place = int32(y*o.in.width + x0)
		}
		for f := range best {
			v := T(0)
			if place >= 0 {
				v = x[int(place)*stride+f]
			}
			if i == 0 || best[f] == best[f] && !(v <= best[f]) {
				best[f], won[f] = v, place
			}
		}
	}
}

func (o *poolOp[T]) backward(lo, hi, part int) {
	if o.in.input {
		return
	}
	stride := o.in.stride
	for n := lo; n < hi; n++ {
		dx, won := o.in.of(n, o.in.dy), o.won[n*o.out.size():]
		clear(dx)
		for i, g := range o.out.of(n, o.out.dy) {
			if place := int(won[i]); place >= 0 {
				dx[place*stride+i%stride] += g
			}
		}
	}
}

// squarePoolOp is Pooling of 2x2 windows that lie side by side.
type squarePoolOp[T ndarray.Float] struct {
	plain[T]
	arg []uint8 // of each output, its place in the window
}

func (o *squarePoolOp[T]) resize(n, parts int) {
	o.plain.resize(n, parts)
	o.arg = make([]uint8, n*o.out.size())
}

func (o *squarePoolOp[T]) forward(lo, hi, part int, train bool) {
	stride, down := o.in.stride, o.in.width*o.in.stride
	for n := lo; n < hi; n++ {
		x, y, arg := o.in.of(n, o.in.y), o.out.of(n, o.out.y), o.arg[n*o.out.size():]
		for row := range o.out.height {
			at := row * o.out.width * stride
			kernels.MaxPool(o.out.width, kernels.Windows[T]{X: x[2*row*down:], Right: stride, Down: down, Step: 2 * stride},
				kernels.Pooled[T]{Value: y[at:], Arg: arg[at:], Step: stride})
		}
	}
}

func (o *squarePoolOp[T]) backward(lo, hi, part int) {
	if o.in.input {
		return
	}
	stride, down := o.in.stride, o.in.width*o.in.stride
	for n := lo; n < hi; n++ {
		dx, dy, arg := o.in.of(n, o.in.dy), o.out.of(n, o.out.dy), o.arg[n*o.out.size():]
		if o.in.height%2+o.in.width%2 > 0 {
			clear(dx) // no window has the last row or column
		}
		for i := range o.out.height * o.out.width {
			row, col := i/o.out.width, i%o.out.width
			kernels.Unpool(dy[i*stride:], arg[i*stride:], dx[2*row*down+2*col*stride:], stride, down, stride)
		}
	}
}

package engine

import (
	"math"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// plain is the part of an operation that has no parameters.
type plain struct{ in, out *values }

// newPlain makes values of the same form as in for the output.
func newPlain(in *values) plain {
	out := &values{height: in.height, width: in.width, filters: in.filters, stride: in.stride}
	return plain{in, out}
}

func (o *plain) resize(n, parts int)              { o.in.resize(n) }
func (o *plain) packPieces() int                  { return 0 }
func (o *plain) pack(int)                         {}
func (o *plain) finishPieces() int                { return 0 }
func (o *plain) finish(piece, n, parts int)       {}
func (o *plain) grads() []*ndarray.Array[float32] { return nil }

// activationOp is Relu or Sigmoid on its own.
type activationOp struct {
	plain
	sigmoid bool
}

func newActivationOp(name string, in *values) *activationOp {
	return &activationOp{plain: newPlain(in), sigmoid: name == "Sigmoid"}
}

func (o *activationOp) forward(lo, hi, part int, train bool) {
	for n := lo; n < hi; n++ {
		y := o.out.of(n, o.out.y)
		for i, v := range o.in.of(n, o.in.y) {
			switch {
			case o.sigmoid:
				v = float32(1 / (1 + math.Exp(-float64(v))))
			case v <= 0:
				v = 0
			}
			y[i] = v
		}
	}
}

func (o *activationOp) backward(lo, hi, part int) {
	if o.in.input {
		return
	}
	for n := lo; n < hi; n++ {
		dx, dy := o.in.of(n, o.in.dy), o.out.of(n, o.out.dy)
		for i, y := range o.out.of(n, o.out.y) {
			switch {
			case o.sigmoid:
				dx[i] = dy[i] * ((1 - y) * y)
			case y == 0:
				dx[i] = 0
			default:
				dx[i] = dy[i]
			}
		}
	}
}

// dropoutOp is Dropout. Its mask is drawn for the whole batch in the class's
// order, sample, filter, position.
type dropoutOp struct {
	plain
	layer *layers.Dropout[float32]
	mask  []bool
}

func newDropoutOp(l *layers.Dropout[float32], in *values) *dropoutOp {
	return &dropoutOp{plain: newPlain(in), layer: l}
}

func (o *dropoutOp) draw(n int) {
	o.mask = o.layer.DrawMask(n * o.in.height * o.in.width * o.in.filters)
}

func (o *dropoutOp) forward(lo, hi, part int, train bool) {
	if train {
		o.masked(o.in, o.in.y, o.out, o.out.y, lo, hi)
		return
	}
	keep := float32(1 - o.layer.Ratio)
	for n := lo; n < hi; n++ {
		y := o.out.of(n, o.out.y)
		for i, v := range o.in.of(n, o.in.y) {
			y[i] = keep * v
		}
	}
}

func (o *dropoutOp) backward(lo, hi, part int) {
	if !o.in.input {
		o.masked(o.out, o.out.dy, o.in, o.in.dy, lo, hi)
	}
}

func (o *dropoutOp) masked(from *values, fromY []float32, to *values, toY []float32, lo, hi int) {
	positions, filters, stride := o.in.height*o.in.width, o.in.filters, o.in.stride
	for n := lo; n < hi; n++ {
		x, y := from.of(n, fromY), to.of(n, toY)
		for p := range positions {
			for f := range filters {
				v := x[p*stride+f]
				if !o.mask[(n*filters+f)*positions+p] {
					v *= 0
				}
				y[p*stride+f] = v
			}
		}
	}
}

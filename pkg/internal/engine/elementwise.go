package engine

import (
	"fmt"
	"math"

	"convbook/pkg/internal/ahead"
	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// plain is the part of an operation without parameters that has one input.
type plain[T ndarray.Float] struct {
	noParameters[T]
	in, out *values[T]
}

// newPlain makes values of the same form as in for the output.
func newPlain[T ndarray.Float](in *values[T]) plain[T] {
	out := &values[T]{height: in.height, width: in.width, filters: in.filters, stride: in.stride}
	return plain[T]{in: in, out: out}
}

func (o *plain[T]) resize(n, parts int) { o.in.resize(n) }

// reluOp is Relu on its own.
type reluOp[T ndarray.Float] struct{ plain[T] }

func newReluOp[T ndarray.Float](in *values[T]) *reluOp[T] { return &reluOp[T]{newPlain(in)} }

func (o *reluOp[T]) forward(lo, hi, part int, train bool) {
	for n := lo; n < hi; n++ {
		y := o.out.of(n, o.out.y)
		for i, v := range o.in.of(n, o.in.y) {
			if v <= 0 {
				v = 0
			}
			y[i] = v
		}
	}
}

func (o *reluOp[T]) backward(lo, hi, part int) {
	if o.in.input {
		return
	}
	for n := lo; n < hi; n++ {
		dx, dy := o.in.of(n, o.in.dy), o.out.of(n, o.out.dy)
		for i, y := range o.out.of(n, o.out.y) {
			dx[i] = dy[i]
			if y == 0 {
				dx[i] = 0
			}
		}
	}
}

// elementOp is a layer whose outputs each depend on one input. Filters that are only
// there for rounding stay zero: what a layer makes of a zero may be infinite.
type elementOp[T ndarray.Float] struct {
	plain[T]
	layer layers.Elementwise[T]
}

func newElementOp[T ndarray.Float](l layers.Elementwise[T], in *values[T]) *elementOp[T] {
	return &elementOp[T]{newPlain(in), l}
}

func (o *elementOp[T]) forward(lo, hi, part int, train bool) {
	filters, stride := o.in.filters, o.in.stride
	for n := lo; n < hi; n++ {
		x, y := o.in.of(n, o.in.y), o.out.of(n, o.out.y)
		for ; len(x) > 0; x, y = x[stride:], y[stride:] {
			y := y[:filters]
			for i, v := range x[:filters] {
				y[i] = o.layer.Value(v)
			}
		}
	}
}

func (o *elementOp[T]) backward(lo, hi, part int) {
	if o.in.input {
		return
	}
	filters, stride := o.in.filters, o.in.stride
	for n := lo; n < hi; n++ {
		x, y := o.in.of(n, o.in.y), o.out.of(n, o.out.y)
		dx, dy := o.in.of(n, o.in.dy), o.out.of(n, o.out.dy)
		for at := 0; at < len(x); at += stride {
			y, dx, dy := y[at:at+filters], dx[at:at+filters], dy[at:at+filters]
			for i, v := range x[at : at+filters] {
				dx[i] = dy[i] * o.layer.Slope(v, y[i])
			}
		}
	}
}

// sigmoidOp is Sigmoid.
type sigmoidOp[T ndarray.Float] struct{ plain[T] }

func newSigmoidOp[T ndarray.Float](in *values[T]) *sigmoidOp[T] { return &sigmoidOp[T]{newPlain(in)} }

func (o *sigmoidOp[T]) forward(lo, hi, part int, train bool) {
	for n := lo; n < hi; n++ {
		y := o.out.of(n, o.out.y)
		kernels.Sigmoid(o.in.of(n, o.in.y), y)
		o.out.clearRest(y)
	}
}

func (o *sigmoidOp[T]) backward(lo, hi, part int) {
	if o.in.input {
		return
	}
	for n := lo; n < hi; n++ {
		kernels.SigmoidGrad(o.out.of(n, o.out.y), o.out.of(n, o.out.dy), o.in.of(n, o.in.dy))
	}
}

// notElementwise says where a layer's Value and Slope are not what its Forward and
// Backward compute, as where they came with an embedded layer. It tries one sample.
func notElementwise[T ndarray.Float](l layers.Elementwise[T], shape []int) string {
	if _, ok := l.(layers.Learner[T]); ok {
		return "a layer with parameters cannot be elementwise"
	}
	if _, ok := l.(interface{ Source() ndarray.Source }); ok {
		return "a layer that draws random numbers cannot be elementwise"
	}
	x := ndarray.Zeros[T](append([]int{1}, shape...)...)
	for i := range x.Data() {
		x.Data()[i] = T(i*37%64-31) / 8
	}
	for _, train := range []bool{false, true} {
		y := Forward[T](l, x.Clone(), shape, train)
		dx := Backward[T](l, ndarray.Full[T](1, x.Shape()...), shape)
		for i, v := range x.Data() {
			value := l.Value(v)
			slope := l.Slope(v, value)
			switch {
			case !near(y.Data()[i], value):
				return fmt.Sprintf("its Value(%v) is %v, its Forward gives %v", v, value, y.Data()[i])
			case !near(dx.Data()[i], slope):
				return fmt.Sprintf("its Slope(%v, %v) is %v, its Backward gives %v", v, value, slope, dx.Data()[i])
			}
		}
	}
	return ""
}

// near says whether two numbers differ by no more than rounding, or are both no number.
func near[T ndarray.Float](a, b T) bool {
	d := math.Abs(float64(a - b))
	return a == b || a != a && b != b || d <= 1e-5*(1+math.Abs(float64(a)))
}

// dropoutOp is Dropout. Its mask is drawn for the whole batch in the class's
// order, sample, filter, position.
type dropoutOp[T ndarray.Float] struct {
	plain[T]
	layer *layers.Dropout[T]
	mask  []bool
	next  []bool        // the mask that was drawn ahead
	ratio float64       // by which
	drawn ahead.Numbers // and from what
}

func newDropoutOp[T ndarray.Float](l *layers.Dropout[T], in *values[T]) *dropoutOp[T] {
	return &dropoutOp[T]{plain: newPlain(in), layer: l}
}

func (o *dropoutOp[T]) draw(n int) {
	size := o.draws(n)
	if len(o.next) == size && o.ratio == o.layer.Ratio && o.drawn.Take(o.layer.Source()) {
		o.mask, o.next = o.next, o.mask
		return
	}
	o.mask = drawnMask(o.mask, o.layer.Source(), o.layer.Ratio, size)
}

func (o *dropoutOp[T]) ahead(next *ahead.Batch, n int) {
	o.ratio = o.layer.Ratio
	o.drawn.Draw(next, o.layer.Source(), func(rng *nprandom.RandomState) {
		o.next = drawnMask(o.next, rng, o.ratio, o.draws(n))
	})
}

// draws returns how many numbers n samples take.
func (o *dropoutOp[T]) draws(n int) int { return n * o.in.height * o.in.width * o.in.filters }

// drawnMask draws what is kept of so many values into mask, or into a larger one.
func drawnMask(mask []bool, src ndarray.Source, ratio float64, size int) []bool {
	if cap(mask) < size {
		mask = make([]bool, size)
	}
	mask = mask[:size]
	for i := range mask {
		mask[i] = src.Rand() > ratio
	}
	return mask
}

func (o *dropoutOp[T]) forward(lo, hi, part int, train bool) {
	if train {
		o.masked(o.in, o.in.y, o.out, o.out.y, lo, hi)
		return
	}
	keep := T(1 - o.layer.Ratio)
	for n := lo; n < hi; n++ {
		y := o.out.of(n, o.out.y)
		for i, v := range o.in.of(n, o.in.y) {
			y[i] = keep * v
		}
	}
}

func (o *dropoutOp[T]) backward(lo, hi, part int) {
	if !o.in.input {
		o.masked(o.out, o.out.dy, o.in, o.in.dy, lo, hi)
	}
}

func (o *dropoutOp[T]) masked(from *values[T], fromY []T, to *values[T], toY []T, lo, hi int) {
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

package engine

import (
	"fmt"

	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// block adds the operations of a block of layers: a fork, those of each chain, and what
// joins them. It says whether it could.
func (e *Plan[T]) block(l layers.Layer[T], shape []int, step *Step) bool {
	var sum bool
	var chains []layers.Chain[T]
	switch l := l.(type) {
	case *layers.Residual[T]:
		sum, chains = true, l.Chains()
	case *layers.Branches[T]:
		chains = l.Chains()
	default:
		return false
	}
	if e.out.input {
		return false // its channels come first, and it has no gradient to add up
	}
	before, ops, between, whole := e.out, len(e.ops), len(e.between), e.whole
	fork := &forkOp[T]{in: before}
	e.ops = append(e.ops, fork)
	join := joinOp[T]{}
	for _, chain := range chains {
		view := *before
		view.shares = before
		fork.views = append(fork.views, &view)
		e.out = &view
		e.between = append(e.between, &view)
		steps, _ := e.compile(shape, chain)
		join.in = append(join.in, e.out)
		for _, s := range steps {
			if s.Way > step.Way {
				step.Way, step.Why = s.Way, fmt.Sprintf("%s: %s", chain[s.From].Name(), s.Why)
			}
		}
	}
	o := op[T](&sumOp[T]{join})
	if sum {
		for _, in := range join.in[1:] {
			if in.size() != join.in[0].size() || in.stride != join.in[0].stride {
				e.out, e.ops, e.between, e.whole, *step = before, e.ops[:ops], e.between[:between], whole, Step{From: step.From}
				return false
			}
		}
		e.out = o.(*sumOp[T]).begin()
	} else {
		concat := &concatOp[T]{join}
		o, e.out = concat, concat.begin()
	}
	e.ops = append(e.ops, o)
	return true
}

// noSums is the part of an operation that adds up nothing over the samples of a part.
type noSums struct{}

func (noSums) addPieces() int              { return 0 }
func (noSums) add(piece, lo, hi, part int) {}

// noParameters is the part of an operation that has none.
type noParameters[T ndarray.Float] struct{ noSums }

func (noParameters[T]) resizeGradient(n, parts int) {}
func (noParameters[T]) packPieces() int             { return 0 }
func (noParameters[T]) pack(int)                    {}
func (noParameters[T]) finishPieces() int           { return 0 }
func (noParameters[T]) finish(piece, n, parts int)  {}
func (noParameters[T]) grads() []*ndarray.Array[T]  { return nil }

// forkOp hands its input to several chains and adds up the gradients that come back.
type forkOp[T ndarray.Float] struct {
	noParameters[T]
	in    *values[T]
	views []*values[T]
}

func (o *forkOp[T]) resize(n, parts int) {
	o.in.resize(n)
	for _, v := range o.views {
		v.resize(n)
	}
}

func (o *forkOp[T]) forward(lo, hi, part int, train bool) {}

func (o *forkOp[T]) backward(lo, hi, part int) {
	for n := lo; n < hi; n++ {
		dx := o.in.of(n, o.in.dy)
		copy(dx, o.views[0].of(n, o.views[0].dy))
		for _, v := range o.views[1:] {
			for i, g := range v.of(n, v.dy) {
				dx[i] += g
			}
		}
	}
}

// joinOp is what sumOp and concatOp have in common.
type joinOp[T ndarray.Float] struct {
	noParameters[T]
	in  []*values[T]
	out *values[T]
}

func (o *joinOp[T]) resize(n, parts int) {
	for _, v := range o.in {
		if v.shares == nil { // else the fork did so
			v.resize(n)
		}
	}
}

// sumOp adds up what the chains of a block give.
type sumOp[T ndarray.Float] struct{ joinOp[T] }

func (o *sumOp[T]) begin() *values[T] {
	first := o.in[0]
	o.out = &values[T]{height: first.height, width: first.width, filters: first.filters, stride: first.stride}
	return o.out
}

func (o *sumOp[T]) forward(lo, hi, part int, train bool) {
	for n := lo; n < hi; n++ {
		y := o.out.of(n, o.out.y)
		copy(y, o.in[0].of(n, o.in[0].y))
		for _, in := range o.in[1:] {
			for i, v := range in.of(n, in.y) {
				y[i] += v
			}
		}
	}
}

func (o *sumOp[T]) backward(lo, hi, part int) {
	for n := lo; n < hi; n++ {
		for _, in := range o.in {
			copy(in.of(n, in.dy), o.out.of(n, o.out.dy))
		}
	}
}

// concatOp puts the channels of what the chains give beside each other.
type concatOp[T ndarray.Float] struct{ joinOp[T] }

func (o *concatOp[T]) begin() *values[T] {
	o.out = &values[T]{height: o.in[0].height, width: o.in[0].width}
	for _, in := range o.in {
		o.out.filters += in.filters
	}
	o.out.stride = kernels.RoundUp(o.out.filters)
	return o.out
}

// each calls f with the channels of each position of a chain's value and of the output.
func (o *concatOp[T]) each(lo, hi int, y func(v *values[T]) []T, f func(its, out []T)) {
	for n := lo; n < hi; n++ {
		out, first := o.out.of(n, y(o.out)), 0
		for _, in := range o.in {
			its := in.of(n, y(in))
			for p := range o.out.height * o.out.width {
				f(its[p*in.stride:p*in.stride+in.filters], out[p*o.out.stride+first:])
			}
			first += in.filters
		}
	}
}

func (o *concatOp[T]) forward(lo, hi, part int, train bool) {
	o.each(lo, hi, func(v *values[T]) []T { return v.y }, func(its, out []T) { copy(out, its) })
}

func (o *concatOp[T]) backward(lo, hi, part int) {
	o.each(lo, hi, func(v *values[T]) []T { return v.dy }, func(its, out []T) { copy(its, out) })
}

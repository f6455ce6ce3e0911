package engine

import (
	"convbook/pkg/internal/ahead"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// ownOp is a layer that runs by its own Forward and Backward: what the plan has no kernels
// for, and layers that are not of pkg/layers.
type ownOp[T ndarray.Float] struct {
	noParameters[T]   // where there are some, the copies have them
	layer             layers.Layer[T]
	in, out           *values[T]
	inShape, outShape []int
	gradients         []*ndarray.Array[T]
}

func newOwnOp[T ndarray.Float](l layers.Layer[T], in *values[T], inShape, outShape []int) ownOp[T] {
	o := ownOp[T]{layer: l, in: in, inShape: inShape, outShape: outShape, out: newValues[T](outShape)}
	if l, ok := l.(layers.Learner[T]); ok {
		for _, p := range l.Parameters() {
			o.gradients = append(o.gradients, ndarray.Zeros[T](p.Value.Shape()...))
		}
	}
	return o
}

func (o *ownOp[T]) resize(n, parts int)        { o.in.resize(n) }
func (o *ownOp[T]) grads() []*ndarray.Array[T] { return o.gradients }

func (o *ownOp[T]) finishPieces() int { return min(len(o.gradients), 1) }

// run takes samples lo to hi forward through l.
func (o *ownOp[T]) run(l layers.Layer[T], lo, hi int, train bool) {
	y := Forward(l, o.in.array(lo, hi, o.in.y, o.inShape), o.outShape, train)
	o.out.set(lo, hi, o.out.y, y)
}

// runBack takes their gradients back.
func (o *ownOp[T]) runBack(l layers.Layer[T], lo, hi int) {
	dx := Backward(l, o.out.array(lo, hi, o.out.dy, o.outShape), o.inShape)
	if !o.in.input {
		o.in.set(lo, hi, o.in.dy, dx)
	}
}

// splitOp runs copies of a layer that treats every sample by itself, one for each part.
type splitOp[T ndarray.Float] struct {
	ownOp[T]
	random  layers.Random[T] // nil where it draws nothing
	draws   []float64        // of the whole batch
	next    []float64        // what was drawn ahead
	drawn   ahead.Numbers    // and from what
	copies  []layers.Layer[T]
	replays []*replay
}

// newSplitOp returns the operation, or nil and why the layer cannot be divided.
func newSplitOp[T ndarray.Float](own ownOp[T]) (*splitOp[T], string) {
	o := &splitOp[T]{ownOp: own}
	if why := o.copy(mostParts); why != "" {
		return nil, why
	}
	o.random, _ = own.layer.(layers.Random[T])
	return o, ""
}

// copy makes sure that there is a copy for each of so many parts, or says why none can be made.
func (o *splitOp[T]) copy(parts int) (why string) {
	for len(o.copies) < parts {
		copied, from, why := share(o.layer)
		if copied == nil {
			return why
		}
		o.copies, o.replays = append(o.copies, copied), append(o.replays, from)
	}
	return ""
}

func (o *splitOp[T]) resize(n, parts int) {
	o.ownOp.resize(n, parts)
	if why := o.copy(parts); why != "" {
		panic(o.layer.Name() + ": " + why) // it could before
	}
}

func (o *splitOp[T]) draw(n int) {
	if o.random == nil {
		return
	}
	size := n * o.random.Draws(o.inShape)
	if len(o.next) == size && o.drawn.Take(o.random.Source()) {
		o.draws, o.next = o.next, o.draws
		return
	}
	o.draws = drawn(o.draws, o.random.Source(), size)
}

func (o *splitOp[T]) ahead(next *ahead.Batch, n int) {
	if o.random == nil {
		return
	}
	o.drawn.Draw(next, o.random.Source(), func(rng *nprandom.RandomState) {
		o.next = drawn(o.next, rng, n*o.random.Draws(o.inShape))
	})
}

func (o *splitOp[T]) forward(lo, hi, part int, train bool) {
	if o.random == nil || !train {
		o.run(o.copies[part], lo, hi, train)
		return
	}
	per := o.random.Draws(o.inShape)
	o.replays[part].draws = o.draws[lo*per : hi*per]
	o.run(o.copies[part], lo, hi, train)
	o.replays[part].done()
}

func (o *splitOp[T]) backward(lo, hi, part int) { o.runBack(o.copies[part], lo, hi) }

// finish adds up what the parts found, in order.
func (o *splitOp[T]) finish(_, _, parts int) {
	for part, l := range o.copies[:parts] {
		for i, p := range Gradients(l.(layers.Learner[T])) {
			if part == 0 {
				o.gradients[i].Copy(p.Grad)
			} else {
				addTo(o.gradients[i], p.Grad)
			}
		}
	}
}

// lotOp runs a layer on the whole batch.
type lotOp[T ndarray.Float] struct{ ownOp[T] }

func (o *lotOp[T]) forwardPieces(int, bool) int { return 1 }
func (o *lotOp[T]) backwardPieces(int) int      { return 1 }
func (o *lotOp[T]) backwardParts() bool         { return false }

func (o *lotOp[T]) forwardWhole(_, lo, hi int, train bool) { o.run(o.layer, lo, hi, train) }
func (o *lotOp[T]) backwardWhole(_, n int)                 { o.runBack(o.layer, 0, n) }

func (o *lotOp[T]) forward(lo, hi, part int, train bool) {}
func (o *lotOp[T]) backward(lo, hi, part int)            {}

func (o *lotOp[T]) finish(_, _, _ int) {
	for i, p := range Gradients(o.layer.(layers.Learner[T])) {
		o.gradients[i].Copy(p.Grad)
	}
}

func addTo[T ndarray.Float](sum, a *ndarray.Array[T]) {
	s := sum.Data()
	for i, v := range a.Data() {
		s[i] += v
	}
}

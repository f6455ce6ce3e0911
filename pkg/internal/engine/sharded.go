package engine

import (
	"slices"

	"convbook/pkg/internal/workers"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

const (
	lanes     = 8  // parts of a batch that add up their gradients separately
	chunkRows = 16 // samples that a lane takes at a time, few enough to stay in cache
)

// Sharded runs the readable layers themselves, a few samples at a time, in
// copies that share the parameters. What must see the whole batch stands between
// stretches of those.
type Sharded[T ndarray.Float] struct {
	classes   int
	stretches []*stretch[T] // the last one ends in the loss
	steps     []Step
	job       *workers.Job

	x     *ndarray.Array[T]
	t     []int
	mode  mode
	at    *stretch[T] // what the lanes work on
	back  bool        // on the way back
	grads []*ndarray.Array[T]
}

type mode int

const (
	predict  mode = iota // scores, in evaluation
	loss                 // in training mode
	gradient             // the loss and the gradients
)

// newSharded returns an engine for the layers.
func newSharded[T ndarray.Float](input []int, ls []layers.Layer[T]) *Sharded[T] {
	e := &Sharded[T]{}
	shape := input
	open := &stretch[T]{in: shape}
	close := func(at int) {
		if n := len(open.layers); n > 0 {
			e.steps = append(e.steps, Step{From: at - n, To: at, Way: Split, Why: "the kernels are for float32"})
			e.stretches = append(e.stretches, open)
		}
	}
	for i, l := range ls {
		out := l.OutputShape(shape)
		if _, _, why := share(l); why == "" {
			open.layers, open.shapes = append(open.layers, l), append(open.shapes, slices.Clone(out))
		} else {
			close(i)
			e.steps = append(e.steps, Step{From: i, To: i + 1, Way: Whole, Why: why})
			e.stretches = append(e.stretches, &stretch[T]{whole: l, in: slices.Clone(shape), shapes: [][]int{slices.Clone(out)}})
			open = &stretch[T]{in: slices.Clone(out)}
		}
		shape = out
		if l, ok := l.(layers.Learner[T]); ok {
			for _, p := range l.Parameters() {
				e.grads = append(e.grads, ndarray.Zeros[T](p.Value.Shape()...))
			}
		}
	}
	close(len(ls))
	if len(open.layers) == 0 {
		e.stretches = append(e.stretches, open)
	}
	e.classes = size(shape)
	for i, s := range e.stretches {
		s.first, s.last = i == 0, i == len(e.stretches)-1
		s.begin()
	}
	e.job = workers.NewJob(e.runLane)
	return e
}

// Steps implements Engine.
func (e *Sharded[T]) Steps() []Step { return e.steps }

// Divides implements Engine.
func (e *Sharded[T]) Divides() bool {
	return !slices.ContainsFunc(e.stretches, func(s *stretch[T]) bool { return s.whole != nil })
}

// Predict implements Engine.
func (e *Sharded[T]) Predict(x *ndarray.Array[T]) *ndarray.Array[T] {
	e.run(predict, x, nil)
	return e.stretches[len(e.stretches)-1].y
}

// Loss implements Engine.
func (e *Sharded[T]) Loss(x *ndarray.Array[T], t []int) T {
	e.run(loss, x, t)
	return e.sumLoss()
}

// LossGradient implements Engine.
func (e *Sharded[T]) LossGradient(x *ndarray.Array[T], t []int) (T, []*ndarray.Array[T]) {
	e.run(gradient, x, t)
	at := 0
	for _, s := range e.stretches {
		at += s.sumGrads(e.grads[at:])
	}
	return e.sumLoss(), e.grads
}

func (e *Sharded[T]) sumLoss() (sum T) {
	for _, c := range e.stretches[len(e.stretches)-1].chains {
		sum += c.loss
	}
	return sum
}

// run takes the batch through the stretches and, for gradients, back. The last stretch
// does both, chunk by chunk.
func (e *Sharded[T]) run(m mode, x *ndarray.Array[T], t []int) {
	e.mode, e.x, e.t, e.back = m, x, t, false
	for _, s := range e.stretches {
		e.at = s
		s.ready(x, m)
		if s.whole != nil {
			s.y = Forward(s.whole, x.Clone(), s.out(), m != predict)
		} else {
			e.job.Run(lanes)
		}
		x = s.y
	}
	if m != gradient {
		return
	}
	e.back = true
	for i := len(e.stretches) - 2; i >= 0; i-- {
		s := e.stretches[i]
		s.dout, e.at = e.stretches[i+1].dx, s
		if s.whole != nil {
			s.dx = Backward(s.whole, s.dout.Clone(), s.in)
		} else {
			e.job.Run(lanes)
		}
	}
}

// runLane takes the samples of a lane through a stretch. Only the last one can cut them
// into chunks: before it, the layers keep what Backward needs until all lanes are there.
func (e *Sharded[T]) runLane(lane int) {
	s, c, n := e.at, e.at.chains[lane], e.x.Dim(0)
	begin, end := lane*n/lanes, (lane+1)*n/lanes
	switch {
	case begin == end:
		c.loss, c.grads = 0, nil
	case e.back:
		c.grads = nil
		s.runBack(c, s.dout.Slice(begin, end), begin, end, false)
	case !s.last:
		s.y.Slice(begin, end).Copy(s.run(c, begin, end, e.mode != predict))
	default:
		c.loss, c.grads = 0, nil
		for lo := begin; lo < end; lo += chunkRows {
			e.runChunk(c, lo, min(lo+chunkRows, end), lo+chunkRows < end)
		}
	}
}

func (e *Sharded[T]) runChunk(c *chain[T], lo, hi int, more bool) {
	y := e.at.run(c, lo, hi, e.mode != predict)
	if e.mode == predict {
		e.at.y.Slice(lo, hi).Copy(y)
		return
	}
	share := T(hi-lo) / T(e.x.Dim(0))
	c.loss += share * c.last.Forward(y, e.t[lo:hi])
	if e.mode == gradient {
		e.at.runBack(c, c.last.Backward().Scale(share), lo, hi, more)
	}
}

func addTo[T ndarray.Float](sum, a *ndarray.Array[T]) {
	s := sum.Data()
	for i, v := range a.Data() {
		s[i] += v
	}
}

package engine

import (
	"convbook/pkg/internal/ahead"
	"convbook/pkg/ndarray"
)

// op is one step of the plan, of one or several layers. It owns its buffers.
type op[T ndarray.Float] interface {
	// resize makes room for n samples, of which so many parts run at the same time.
	resize(n, parts int)
	// resizeGradient makes room for what a gradient needs besides, where the parts of a
	// batch are at most so many.
	resizeGradient(n, parts int)
	// pack brings a piece of the parameters into the form that the kernels want.
	packPieces() int
	pack(piece int)
	forward(lo, hi, part int, train bool)
	// backward takes the gradient of the output and gives that of the input, for
	// samples lo to hi, which are of a part.
	backward(lo, hi, part int)
	// add adds up a piece of the parameters' gradients over all samples of a part.
	addPieces() int
	add(piece, lo, hi, part int)
	// finish computes a piece of the parameters' gradients from all n samples.
	finishPieces() int
	finish(piece, n, parts int)
	// grads returns the parameters' gradients in the class's order.
	grads() []*ndarray.Array[T]
}

// wholeOp is an operation that wants to see all samples of the batch at once before
// it goes on with each part.
type wholeOp[T ndarray.Float] interface {
	op[T]
	// forwardWhole does a piece of what comes before forward, for n samples from lo to hi:
	// in training all of them, in evaluation some at a time, also on several processors.
	forwardPieces(n int, train bool) int
	forwardWhole(piece, lo, hi int, train bool)
	// backwardWhole does a piece of what comes before backward.
	backwardPieces(n int) int
	backwardWhole(piece, n int)
	// backwardParts says whether something is left for backward.
	backwardParts() bool
}

// task is one piece of an operation's work.
type task[T ndarray.Float] struct {
	op    op[T]
	piece int
}

// stage is a stretch of a run in which the parts of a batch do not wait for each
// other. Before it, whole does its work on all of them, where there is one.
type stage[T ndarray.Float] struct {
	whole    wholeOp[T]
	backward bool    // the whole op's work is that of the way back
	down     []op[T] // forward, in order
	loss     bool    // between the two
	up       []op[T] // backward, in order
	draws    []drawer
	sums     []task[T] // what is added up when a part has gone up
}

// drawer is an operation that draws random numbers for n samples.
type drawer interface {
	draw(n int)
	// ahead draws what the next draw will find, where it is for as many samples.
	ahead(next *ahead.Batch, n int)
}

// stages cuts the ways forward and back at the operations that want the whole batch.
func stages[T ndarray.Float](ops []op[T], m mode) []stage[T] {
	all := []stage[T]{{}}
	last := func() *stage[T] { return &all[len(all)-1] }
	for _, o := range ops {
		if w, ok := o.(wholeOp[T]); ok && w.forwardPieces(1, m != predict) > 0 {
			all = append(all, stage[T]{whole: w})
		}
		last().down = append(last().down, o)
		if d, ok := o.(drawer); ok && m != predict {
			last().draws = append(last().draws, d)
		}
	}
	if m == predict {
		return all
	}
	last().loss = true
	if m == loss {
		return all
	}
	for i := len(ops) - 1; i >= 0; i-- {
		w, ok := ops[i].(wholeOp[T])
		if ok {
			all = append(all, stage[T]{whole: w, backward: true})
		}
		if !ok || w.backwardParts() {
			last().up = append(last().up, ops[i])
			for piece := range ops[i].addPieces() {
				last().sums = append(last().sums, task[T]{ops[i], piece})
			}
		}
	}
	return all
}

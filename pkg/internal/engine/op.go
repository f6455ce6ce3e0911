package engine

import "convbook/pkg/ndarray"

// op is one step of the plan, of one or several layers. It owns its buffers.
type op[T ndarray.Float] interface {
	// resize makes room for n samples in parts of the given number.
	resize(n, parts int)
	// pack brings a piece of the parameters into the form that the kernels want.
	packPieces() int
	pack(piece int)
	forward(lo, hi, part int, train bool)
	// backward takes the gradient of the output and gives that of the input, for
	// samples lo to hi, which are those of a part.
	backward(lo, hi, part int)
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
	// forwardWhole does a piece of what comes before forward, for samples lo to hi: in
	// training all of them, in evaluation some at a time, also on several processors.
	forwardPieces(train bool) int
	forwardWhole(piece, lo, hi int, train bool)
	// backwardWhole does a piece of what comes before backward.
	backwardPieces() int
	backwardWhole(piece, n int)
	// backwardParts says whether something is left for backward.
	backwardParts() bool
}

// task is one piece of an operation's work that needs all or no samples.
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
}

// stages cuts the ways forward and back at the operations that want the whole batch.
func stages[T ndarray.Float](ops []op[T], m mode) []stage[T] {
	all := []stage[T]{{}}
	last := func() *stage[T] { return &all[len(all)-1] }
	for _, o := range ops {
		if w, ok := o.(wholeOp[T]); ok && w.forwardPieces(m != predict) > 0 {
			all = append(all, stage[T]{whole: w})
		}
		last().down = append(last().down, o)
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
		}
	}
	return all
}

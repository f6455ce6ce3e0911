package trainer

import (
	"convbook/pkg/dataset"
	"convbook/pkg/internal/ahead"
	"convbook/pkg/internal/workers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// batch is the samples of a step.
type batch[T ndarray.Float] struct {
	indices []int
	x       *ndarray.Array[T]
	t       []int
	pieces  []batch[T] // the same samples, a few at a time
}

func newBatch[T ndarray.Float](n, c, h, w int) *batch[T] {
	const together = 8
	b := &batch[T]{indices: make([]int, n), x: ndarray.Zeros[T](n, c, h, w), t: make([]int, n)}
	for lo := 0; lo < n; lo += together {
		hi := min(lo+together, n)
		b.pieces = append(b.pieces, batch[T]{indices: b.indices[lo:hi], x: b.x.Slice(lo, hi), t: b.t[lo:hi]})
	}
	return b
}

// foresight is the batch after that of a step. The network draws and gathers it while it
// computes, on processors that have nothing else to do; nobody sees that it did.
type foresight[T ndarray.Float] struct {
	batch *batch[T]
	next  *ahead.Batch // nil before the first
	taken int
	vain  int // that were not the batch of the next step: somebody drew in between
}

// draw draws and gathers the batch of the next step, or takes the one that is there.
func (tr *training[T]) draw() {
	f := &tr.foresight
	switch {
	case f.next != nil && f.next.Take():
		f.taken++
		tr.batch, f.batch = f.batch, tr.batch
		if f.next.Pieces() > 0 {
			return
		}
	default:
		if f.next != nil {
			f.vain++
		}
		tr.config.Rng.ChoiceInto(tr.data.train.Len(), tr.indices)
	}
	tr.gather(tr.indices, tr.done)
}

// drawAhead lets the next run of the network draw the batch of the step after this one: on
// several processors, and as long as that is of use.
func (tr *training[T]) drawAhead() {
	f := &tr.foresight
	net, can := tr.net.(interface{ Beside(next *ahead.Batch) })
	if !can || tr.done+1 >= tr.schedule.steps || workers.Processors() == 1 || f.vain > f.taken {
		f.next = nil
		return
	}
	if f.batch == nil {
		f.batch = newBatch[T](tr.x.Dim(0), tr.x.Dim(1), tr.x.Dim(2), tr.x.Dim(3))
	}
	if f.next == nil {
		pieces := len(f.batch.pieces)
		if !tr.config.Augment.IsZero() {
			pieces = 0 // all processors change its images together, when it is its turn
		}
		f.next = ahead.NewBatch(tr.config.Rng, func(rng *nprandom.RandomState) {
			rng.ChoiceInto(tr.data.train.Len(), f.batch.indices)
		}, pieces, func(piece int) {
			p := &f.batch.pieces[piece]
			dataset.Gather(tr.data.train, p.indices, p.x, p.t)
		})
	}
	net.Beside(f.next)
}

// Package ahead draws the next batch of a training while this one is computed, without
// that anybody sees it.
//
// What is drawn ahead is drawn from copies of the generators. The generators themselves
// stay where they are: a checkpoint keeps them, a callback may draw from them, a run that
// ends leaves them, all as if nothing had been drawn. When its time has come, a generator
// that stands where the copy was made goes on where the copy stands, and what was drawn
// counts; one that stands elsewhere, because somebody drew in between or went back to
// another state, draws anew.
package ahead

import (
	"sync/atomic"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// Batch is the next batch. A network draws it (Draw) after all that it draws itself, then
// what its layers will draw for it, and gathers it (Gather) piece by piece, each where a
// processor has nothing else to do.
type Batch struct {
	rng    *nprandom.RandomState
	draw   func(rng *nprandom.RandomState)
	gather func(piece int)
	pieces int

	drawn   Numbers
	copies  []twin
	missing atomic.Int64 // pieces that are not there, and one where it is not drawn
}

// twin is a copy of a generator.
type twin struct {
	of    *nprandom.RandomState
	state nprandom.RandomState
}

// NewBatch returns a batch that draw draws from the generator that it is given, in place
// of rng, and gather puts together in so many pieces, which know nothing of each other.
func NewBatch(rng *nprandom.RandomState, draw func(rng *nprandom.RandomState), pieces int, gather func(piece int)) *Batch {
	b := &Batch{rng: rng, draw: draw, gather: gather, pieces: pieces}
	b.Forget()
	return b
}

// Forget makes ready for another batch: nothing of it is drawn.
func (b *Batch) Forget() { b.missing.Store(int64(b.pieces + 1)) }

// Pieces is how many calls of Gather there are.
func (b *Batch) Pieces() int { return b.pieces }

// Draw draws the batch.
func (b *Batch) Draw() {
	b.copies = b.copies[:0]
	b.drawn.Draw(b, b.rng, b.draw)
	b.missing.Add(-1)
}

// Gather puts together a piece of what Draw drew.
func (b *Batch) Gather(piece int) {
	b.gather(piece)
	b.missing.Add(-1)
}

// Take says whether the batch is there, and the one that would be drawn now: then its
// generator goes on behind it. A batch is taken once.
func (b *Batch) Take() bool {
	there := b.missing.Load() == 0
	b.Forget()
	return there && b.drawn.Take(b.rng)
}

// twin returns the copy of a generator.
func (b *Batch) twin(of *nprandom.RandomState) *nprandom.RandomState {
	for i := range b.copies {
		if b.copies[i].of == of {
			return &b.copies[i].state
		}
	}
	b.copies = append(b.copies, twin{of, *of})
	return &b.copies[len(b.copies)-1].state
}

// Numbers are random numbers that somebody drew ahead. The zero value has none.
type Numbers struct {
	drawn         bool
	before, after nprandom.RandomState
}

// Draw lets draw draw from a copy of src that stands where src will be when those before it
// have drawn for the batch. It does nothing where src cannot be copied.
func (n *Numbers) Draw(b *Batch, src ndarray.Source, draw func(rng *nprandom.RandomState)) {
	n.drawn = false
	rng, ok := src.(*nprandom.RandomState)
	if !ok {
		return
	}
	twin := b.twin(rng)
	n.before = *twin
	draw(twin)
	n.after, n.drawn = *twin, true
}

// Take says whether src would draw now what was drawn ahead, and lets it go on behind that.
// Numbers are taken once.
func (n *Numbers) Take(src ndarray.Source) bool {
	rng, ok := src.(*nprandom.RandomState)
	if !ok || !n.drawn || *rng != n.before {
		n.drawn = false
		return false
	}
	n.drawn = false
	*rng = n.after
	return true
}

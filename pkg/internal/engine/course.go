package engine

import (
	"convbook/pkg/internal/ahead"
	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/workers"
	"convbook/pkg/ndarray"
)

// course is the way of a batch through the stages of a mode, in one meeting of the
// processors: what a piece of work waits for is what it reads, and no more.
type course[T ndarray.Float] struct {
	plan   *Plan[T]
	flow   *workers.Flow
	groups []group[T]
	n      int          // samples for which they are
	few    bool         // processors, who want to find in the cache what they read
	ahead  int          // pieces of the next batch; -1 where it is not drawn ahead
	next   *ahead.Batch // which that is in this run
	drawn  int          // the last group that draws, so far; -1 for none
}

// group is pieces of work of one kind: those of a stage, of a part of the batch, or of an
// operation.
type group[T ndarray.Float] struct {
	kind  kind
	stage *stage[T]
	part  int
	op    op[T]

	// A part goes through a stage as one piece, in which each operation adds up the
	// parameters' gradients too: what it reads is read once.
	atOnce bool
}

type kind int

const (
	packing    kind = iota // pieces of the parameters, of all operations
	drawing                // all random numbers of a stage: one piece, in the class's order
	together               // pieces of what comes before the parts of a stage
	going                  // some samples of a part, forward and backward
	summing                // the parameters' gradients of a part, piece by piece
	finishing              // the parameters' gradients of an operation, piece by piece
	foreseeing             // the next batch and all random numbers for it: one piece
	gathering              // the next batch, piece by piece
)

var kinds = [...]string{packing: "pack", drawing: "draw", together: "together", going: "samples", summing: "sum", finishing: "finish",
	foreseeing: "draw ahead", gathering: "gather ahead"}

func (c *course[T]) init(e *Plan[T]) {
	c.plan, c.flow = e, workers.NewFlow(c.do)
}

// run takes the batch of the plan through all stages, and makes the next one ready.
func (c *course[T]) run() {
	pieces := -1
	c.next = nil
	if e := c.plan; e.mode != predict && e.beside != nil {
		c.next, e.beside = e.beside, nil
		pieces = c.next.Pieces()
	}
	if few := workers.Few(); c.n != c.plan.n || c.ahead != pieces || c.few != few {
		c.ahead, c.few = pieces, few
		c.build()
	}
	c.flow.Run()
}

func (c *course[T]) add(g group[T], tasks int, after ...int) int {
	c.groups = append(c.groups, g)
	return c.flow.Add(kinds[g.kind], tasks, after...)
}

// build lays out the groups for a batch, in the order in which one processor on its own
// finds most in its cache.
func (c *course[T]) build() {
	e := c.plan
	c.n = e.n
	c.flow.Clear()
	c.groups = c.groups[:0]
	c.drawn = -1
	stages := e.stages[e.mode]
	draws := make([]int, len(stages))
	if !e.whole {
		for i := range stages {
			draws[i] = c.draw(&stages[i]) // first: it is one piece, and others wait for it
		}
		c.foresee()
	}
	before := []int{c.add(group[T]{kind: packing}, len(e.packTasks))} // groups that the next stage waits for
	for i := range stages {
		s := &stages[i]
		if s.whole != nil {
			if e.whole && c.drawn >= 0 {
				before = append(before, c.drawn) // it may draw, too
			}
			before = append(before[:0], c.add(group[T]{kind: together, stage: s}, c.pieces(s), before...))
			if o, ok := s.whole.(*convAffineOp[T]); ok {
				c.flow.Bundle(before[0], o.rowPieces(c.n, s.backward))
			}
		}
		if e.whole {
			draws[i] = c.draw(s, before...)
		}
		if draws[i] >= 0 {
			before = append(before, draws[i])
		}
		before = c.parts(s, before)
	}
	if e.whole {
		c.foresee(before...)
	}
	if c.ahead > 0 {
		c.flow.Late(c.add(group[T]{kind: gathering}, c.ahead, c.drawn))
	}
}

// draw adds the group that draws for a stage, where something is drawn, else it returns -1.
func (c *course[T]) draw(s *stage[T], after ...int) int {
	if len(s.draws) == 0 {
		return -1
	}
	c.drawn = c.add(group[T]{kind: drawing, stage: s}, 1, c.afterDraws(after)...)
	return c.drawn
}

// foresee adds the group that draws ahead, after all that is drawn in this run.
func (c *course[T]) foresee(after ...int) {
	if c.ahead >= 0 {
		c.drawn = c.add(group[T]{kind: foreseeing}, 1, c.afterDraws(after)...)
		c.flow.Late(c.drawn)
	}
}

func (c *course[T]) afterDraws(after []int) []int {
	if c.drawn < 0 {
		return after
	}
	return append(after, c.drawn)
}

// pieces returns how many there are before the parts of a stage.
func (c *course[T]) pieces(s *stage[T]) int {
	if s.backward {
		return s.whole.backwardPieces(c.n)
	}
	return s.whole.forwardPieces(c.n, c.plan.mode != predict)
}

// parts adds the groups of the parts of a stage and returns those that the next stage waits
// for.
func (c *course[T]) parts(s *stage[T], before []int) []int {
	e := c.plan
	next := before
	ended := before // what the gradients of the parameters wait for
	if len(s.down) > 0 || len(s.up) > 0 {
		next, ended = nil, nil
		for part := range e.countParts() {
			lo, hi := e.span(part)
			pieces := (hi - lo + e.some - 1) / e.some
			if c.few && len(s.sums) > 0 {
				next = append(next, c.add(group[T]{kind: going, stage: s, part: part, atOnce: true}, 1, before...))
				ended = append(ended, next[part])
				continue
			}
			going := c.add(group[T]{kind: going, stage: s, part: part}, pieces, before...)
			c.flow.Bundle(going, pieces)
			next, ended = append(next, going), append(ended, going)
			if len(s.sums) > 0 {
				sum := c.add(group[T]{kind: summing, stage: s, part: part}, len(s.sums), going)
				c.flow.Late(sum)
				c.flow.Bundle(sum, len(s.sums))
				ended = append(ended, sum)
			}
		}
	}
	finish := func(o op[T]) {
		if pieces := o.finishPieces(); pieces > 0 {
			c.flow.Late(c.add(group[T]{kind: finishing, op: o}, pieces, ended...))
		}
	}
	if s.backward && !s.whole.backwardParts() {
		finish(s.whole)
	}
	for _, o := range s.up {
		finish(o)
	}
	return next
}

// do does a piece of a group.
func (c *course[T]) do(g, piece int) {
	e, group := c.plan, &c.groups[g]
	switch s := group.stage; group.kind {
	case packing:
		e.packTask(piece)
	case drawing:
		for _, d := range s.draws {
			d.draw(e.n)
		}
	case together:
		if s.backward {
			s.whole.backwardWhole(piece, e.n)
		} else {
			s.whole.forwardWhole(piece, 0, e.n, e.mode != predict)
		}
	case going:
		lo, hi := e.span(group.part)
		if !group.atOnce {
			lo += piece * e.some
			hi = min(lo+e.some, hi)
		}
		c.samples(group, lo, hi)
	case summing:
		lo, hi := e.span(group.part)
		sum := s.sums[piece]
		sum.op.add(sum.piece, lo, hi, group.part)
	case finishing:
		group.op.finish(piece, e.n, e.countParts())
	case foreseeing:
		c.foreseen()
	case gathering:
		c.next.Gather(piece)
	}
}

// foreseen draws the next batch, and what the operations will draw for it, in their order.
func (c *course[T]) foreseen() {
	c.next.Draw()
	for i := range c.plan.stages[gradient] {
		for _, d := range c.plan.stages[gradient][i].draws {
			d.ahead(c.next, c.plan.n)
		}
	}
}

// samples takes some samples of a group's part through its stage.
func (c *course[T]) samples(g *group[T], lo, hi int) {
	e, s, part := c.plan, g.stage, g.part
	for _, o := range s.down {
		o.forward(lo, hi, part, e.mode != predict)
	}
	if s.loss {
		classes := e.out.filters
		for n := lo; n < hi; n++ {
			e.losses[n] = kernels.SoftmaxLoss(e.out.y[n*classes:], e.out.dy[n*classes:], classes, e.labels[n:n+1], e.n)
		}
	}
	for _, o := range s.up {
		if !g.atOnce {
			o.backward(lo, hi, part)
			continue
		}
		if o, ok := o.(backAdder); ok {
			o.backwardAdd(lo, hi, part)
			continue
		}
		o.backward(lo, hi, part)
		for piece := range o.addPieces() {
			o.add(piece, lo, hi, part)
		}
	}
}

// backAdder is an operation that does more quickly together what backward and add do.
type backAdder interface{ backwardAdd(lo, hi, part int) }

package engine

import (
	"convbook/pkg/internal/workers"
	"convbook/pkg/ndarray"
)

// evaluation is how a plan predicts: images know nothing of each other, so each
// processor takes some of its own through all operations and waits for nobody.
type evaluation[T ndarray.Float] struct {
	x, y *ndarray.Array[T]
	rows int      // samples that a processor takes at a time
	in   []T      // images of all places
	free chan int // places in the buffers, of rows samples each
	flow *workers.Flow
	cut  int // tasks into which the flow's prediction is cut
	plan *Plan[T]
}

const (
	evalRows  = 48      // samples at most that a processor takes at a time, which share the weights that are read
	evalFew   = 12      // and at least, where there are as many
	evalRoom  = 1 << 18 // numbers that they hold between operations, about half as many as a cache does
	evalTasks = 32      // into about as many a prediction is cut, where that leaves enough samples in each
)

// evaluationRows returns how many of n samples a processor takes at a time, by their
// sizes alone.
func (e *Plan[T]) evaluationRows(n int) int {
	rows := min(max(evalFew, (n+evalTasks-1)/evalTasks), max(evalFew, evalRoom/max(e.held, 1)), evalRows)
	return (rows + 3) / 4 * 4 // tiles of the products are four high
}

// Predict returns the scores (N, classes) of a batch in evaluation.
func (e *Plan[T]) Predict(x *ndarray.Array[T]) *ndarray.Array[T] {
	n := x.Dim(0)
	y := ndarray.Zeros[T](n, e.out.filters)
	switch {
	case n == 0:
	case e.whole:
		e.begin(predict, x, nil)
		e.courses[predict].run()
		copy(y.Data(), e.out.y)
	default:
		v := &e.evaluation
		v.x, v.y, v.rows = x, y, e.evaluationRows(n)
		tasks := (n + v.rows - 1) / v.rows
		e.makePlaces(min(workers.Processors(), tasks))
		e.mode, e.in.y = predict, v.in
		v.run(tasks)
		v.x, v.y, e.in.y = nil, nil, nil
	}
	return y
}

func (v *evaluation[T]) init(e *Plan[T]) {
	v.plan, v.flow = e, workers.NewFlow(func(group, task int) {
		if group == 0 {
			e.packTask(task)
		} else {
			e.evaluate(task)
		}
	})
}

func (v *evaluation[T]) run(tasks int) {
	if v.cut != tasks {
		v.cut = tasks
		v.flow.Clear()
		pack := v.flow.Add("pack", len(v.plan.packTasks))
		v.flow.Add("evaluate", tasks, pack)
	}
	v.flow.Run()
}

// makePlaces makes room for as many processors as work at the same time.
func (e *Plan[T]) makePlaces(n int) {
	v := &e.evaluation
	e.resize(n*v.rows, n)
	if need := n * v.rows * e.in.size(); len(v.in) < need {
		v.in = make([]T, need)
	}
	if cap(v.free) != n {
		v.free = make(chan int, n)
		for place := range n {
			v.free <- place
		}
	}
}

// evaluate takes some samples through all operations.
func (e *Plan[T]) evaluate(task int) {
	v := &e.evaluation
	place := <-v.free
	defer func() { v.free <- place }()
	from := task * v.rows
	n := min(v.rows, v.x.Dim(0)-from)
	lo, hi := place*v.rows, place*v.rows+n
	image := e.in.size()
	copy(v.in[lo*image:hi*image], v.x.Data()[from*image:])
	for _, o := range e.ops {
		if w, ok := o.(wholeOp[T]); ok {
			for piece := range w.forwardPieces(n, false) {
				w.forwardWhole(piece, lo, hi, false)
			}
		}
		o.forward(lo, hi, place, false)
	}
	classes := e.out.filters
	for i := range n {
		copy(v.y.Data()[(from+i)*classes:(from+i+1)*classes], e.out.of(lo+i, e.out.y))
	}
}

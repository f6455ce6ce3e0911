package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/workers"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

const (
	partRows  = 8  // samples of a part of a batch: few, so that processors end together
	mostParts = 16 // that add up gradients separately
	evalRows  = 96 // samples that a prediction takes at a time
)

// Fused is an execution plan in float32.
type Fused struct {
	ops   []op
	in    *values
	out   *values // scores
	drops []*dropoutOp
	grads []*ndarray.Array[float32]

	capacity int // samples that the buffers hold
	n        int // samples of this run
	part     int // samples of a part
	mode     mode
	labels   []int
	losses   []float32 // of each part

	stages [gradient + 1][]stage // of each mode
	stage  *stage                // the current one

	pack, whole, parts, finish *workers.Job
	packTasks                  []task
	finishTasks                []task
}

// newFused returns a plan, or nil when a layer cannot be part of one.
func newFused(input []int, ls []layers.Layer[float32]) *Fused {
	e := &Fused{in: &values{height: 1, width: 1, filters: size(input), stride: size(input), input: true}}
	if len(input) == 3 {
		e.in = &values{height: input[1], width: input[2], filters: input[0], stride: input[0], input: true}
	}
	e.out = e.in
	for len(ls) > 0 {
		o, used := e.next(ls)
		if o == nil {
			return nil
		}
		e.ops = append(e.ops, o)
		ls = ls[used:]
	}
	if e.out.input || e.out.height*e.out.width != 1 || e.out.stride != e.out.filters {
		return nil
	}
	for _, o := range e.ops {
		e.grads = append(e.grads, o.grads()...)
		for piece := range o.packPieces() {
			e.packTasks = append(e.packTasks, task{o, piece})
		}
		for piece := range o.finishPieces() {
			e.finishTasks = append(e.finishTasks, task{o, piece})
		}
	}
	e.pack, e.finish = workers.NewJob(e.packTask), workers.NewJob(e.finishTask)
	for m := range e.stages {
		e.stages[m] = stages(e.ops, mode(m))
	}
	e.whole = workers.NewJob(func(piece int) {
		if e.stage.backward {
			e.stage.whole.backwardWhole(piece, e.n)
		} else {
			e.stage.whole.forwardWhole(piece, e.n)
		}
	})
	e.parts = workers.NewJob(e.runPart)
	return e
}

func (e *Fused) packTask(i int) { e.packTasks[i].op.pack(e.packTasks[i].piece) }

func (e *Fused) finishTask(i int) {
	e.finishTasks[i].op.finish(e.finishTasks[i].piece, e.n, e.countParts())
}

// run does all tasks of a job: a few small ones alone, which is quicker than to call for
// the other processors.
func run(job *workers.Job, do func(task int), tasks int) {
	const few = 2
	if tasks > few {
		job.Run(tasks)
		return
	}
	for i := range tasks {
		do(i)
	}
}

// next makes the operation that the first layers of ls become, and says how many
// they are. e.out is its input before and its output after.
func (e *Fused) next(ls []layers.Layer[float32]) (op, int) {
	is := func(i int, name string) bool { return i < len(ls) && ls[i].Name() == name }
	in := e.out
	switch l := ls[0].(type) {
	case *layers.Convolution[float32]:
		relu := is(1, "Relu")
		pool := false
		if relu && is(2, "Pooling") {
			p := ls[2].(*layers.Pooling[float32])
			pool = p.PoolH == 2 && p.PoolW == 2 && p.Stride == 2 && p.Pad == 0
		}
		o := newConvOp(l, in, relu, pool)
		if o == nil {
			return nil, 0
		}
		if pool && is(3, "Affine") {
			if both := newConvAffineOp(o, ls[3].(*layers.Affine[float32])); both != nil {
				e.out = both.wide.out
				return both, 4
			}
		}
		e.out = o.out
		return o, 1 + count(relu) + count(pool)
	case *layers.Affine[float32]:
		relu := is(1, "Relu")
		if isWide(l, in) {
			o := newWideOp(l, in)
			e.out = o.out
			return o, 1
		}
		o := newAffineOp(l, in, relu)
		e.out = o.out
		return o, 1 + count(relu)
	}
	if in.input && in.filters > 1 && in.height*in.width > 1 {
		return nil, 0 // the channels come first
	}
	switch l := ls[0].(type) {
	case *layers.BatchNormalization[float32]:
		relu := is(1, "Relu")
		o := newBatchNormOp(l, in, relu)
		e.out = o.out
		return o, 1 + count(relu)
	case *layers.Pooling[float32]:
		o := newPoolOp(l, in)
		e.out = o.out
		return o, 1
	case *layers.Dropout[float32]:
		o := newDropoutOp(l, in)
		e.out = o.out
		e.drops = append(e.drops, o)
		return o, 1
	case *layers.Relu[float32], *layers.Sigmoid[float32]:
		o := newActivationOp(l.Name(), in)
		e.out = o.out
		return o, 1
	}
	return nil, 0
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Predict implements Engine.
func (e *Fused) Predict(x *ndarray.Array[float32]) *ndarray.Array[float32] {
	y := ndarray.Zeros[float32](x.Dim(0), e.out.filters)
	for lo := 0; lo < x.Dim(0); lo += evalRows {
		hi := min(lo+evalRows, x.Dim(0))
		e.begin(predict, x.Slice(lo, hi), nil)
		if lo == 0 {
			run(e.pack, e.packTask, len(e.packTasks))
		}
		e.run()
		copy(y.Slice(lo, hi).Data(), e.out.y)
	}
	return y
}

// Loss implements Engine.
func (e *Fused) Loss(x *ndarray.Array[float32], t []int) float32 {
	e.begin(loss, x, t)
	run(e.pack, e.packTask, len(e.packTasks))
	e.run()
	return e.sumLoss()
}

// LossGradient implements Engine.
func (e *Fused) LossGradient(x *ndarray.Array[float32], t []int) (float32, []*ndarray.Array[float32]) {
	e.begin(gradient, x, t)
	run(e.pack, e.packTask, len(e.packTasks))
	e.run()
	run(e.finish, e.finishTask, len(e.finishTasks))
	return e.sumLoss(), e.grads
}

// begin makes ready for a run over x.
func (e *Fused) begin(m mode, x *ndarray.Array[float32], t []int) {
	e.mode, e.n, e.labels = m, x.Dim(0), t
	e.in.y = x.Data()
	e.part = partRows * ((e.n + partRows*mostParts - 1) / (partRows * mostParts))
	if e.n > e.capacity {
		e.capacity = e.n
		// A smaller batch may be cut into more parts than this one.
		parts := min(mostParts, (e.n+partRows-1)/partRows)
		e.out.resize(e.n)
		for _, o := range e.ops {
			o.resize(e.n, parts)
		}
		e.losses = make([]float32, parts)
	}
	if m != predict {
		for _, d := range e.drops {
			d.draw(e.n)
		}
	}
}

// countParts returns how many parts this run has.
func (e *Fused) countParts() int { return (e.n + e.part - 1) / e.part }

// run takes the batch through the stages of the mode.
func (e *Fused) run() {
	for i := range e.stages[e.mode] {
		e.stage = &e.stages[e.mode][i]
		if w := e.stage.whole; w != nil {
			pieces := 0
			if e.stage.backward {
				pieces = w.backwardPieces()
			} else {
				pieces = w.forwardPieces(e.mode != predict)
			}
			e.whole.Run(pieces)
		}
		if len(e.stage.down) > 0 || len(e.stage.up) > 0 {
			e.parts.Run(e.countParts())
		}
	}
}

func (e *Fused) runPart(part int) {
	lo := part * e.part
	hi := min(lo+e.part, e.n)
	for _, o := range e.stage.down {
		o.forward(lo, hi, part, e.mode != predict)
	}
	if e.stage.loss {
		classes := e.out.filters
		e.losses[part] = kernels.SoftmaxLoss(e.out.y[lo*classes:], e.out.dy[lo*classes:], classes, e.labels[lo:hi], e.n)
	}
	for _, o := range e.stage.up {
		o.backward(lo, hi, part)
	}
}

func (e *Fused) sumLoss() float32 {
	sum := float32(0)
	for _, l := range e.losses[:e.countParts()] {
		sum += l
	}
	return sum / float32(e.n)
}

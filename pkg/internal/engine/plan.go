package engine

import (
	"cmp"
	"slices"

	"convbook/pkg/internal/ahead"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

const (
	partRows  = 8  // samples of a part of a batch, at least
	mostParts = 16 // that add up gradients separately
	someRows  = 4  // samples of a part that go their way together: few, so that processors end together
)

// Plan computes what a chain of layers with softmax and cross entropy at its end
// computes: by kernels where there are some and by the layers' own methods elsewhere. It
// serves one goroutine at a time.
type Plan[T ndarray.Float] struct {
	ops     []op[T]
	steps   []Step
	in      *values[T]
	out     *values[T] // scores
	grads   []*ndarray.Array[T]
	whole   bool         // an operation wants the whole batch in evaluation, too
	owns    bool         // a layer runs by its own methods
	held    int          // numbers of a sample that stand between operations
	between []*values[T] // all values but the images: they have a gradient

	capacity int // samples that the buffers hold
	trained  int // samples whose gradients they hold: a prediction has none
	places   int // at the same time, that they have room for
	n        int // samples of this run
	part     int // samples of a part
	some     int // samples of a part that go their way together
	mode     mode
	labels   []int
	losses   []T          // of each sample
	beside   *ahead.Batch // that the next run in training mode makes ready

	stages     [gradient + 1][]stage[T] // of each mode
	courses    [gradient + 1]course[T]
	packTasks  []task[T]
	evaluation evaluation[T]
}

// New returns the plan for layers, at least one, that take samples of the shape input.
func New[T ndarray.Float](input []int, ls []layers.Layer[T]) *Plan[T] {
	e := &Plan[T]{in: newInput[T](input)}
	e.out = e.in
	e.steps, _ = e.compile(input, ls)
	for _, o := range e.ops {
		e.grads = append(e.grads, o.grads()...)
		for piece := range o.packPieces() {
			e.packTasks = append(e.packTasks, task[T]{o, piece})
		}
	}
	for m := range e.stages {
		e.stages[m] = stages(e.ops, mode(m))
		e.courses[m].init(e)
	}
	e.evaluation.init(e)
	return e
}

// compile adds the operations of layers that follow each other, for samples of the given
// shape, and returns how they run and the shape after them.
func (e *Plan[T]) compile(shape []int, ls []layers.Layer[T]) ([]Step, []int) {
	var steps []Step
	for at := 0; at < len(ls); {
		step := Step{From: at}
		used := 1
		if !e.block(ls[at], shape, &step) {
			o, several, why := e.next(ls[at:], shape)
			used = several
			if o == nil {
				o, used = e.own(ls[at], shape, &step), 1
				step.Why = cmp.Or(step.Why, why)
			}
			e.ops = append(e.ops, o)
		}
		for _, l := range ls[at : at+used] {
			shape = l.OutputShape(shape)
		}
		e.held += shapes.Size(shape)
		e.between = append(e.between, e.out)
		at += used
		step.To = at
		steps = append(steps, step)
	}
	return steps, shape
}

func (e *Plan[T]) packTask(i int) { e.packTasks[i].op.pack(e.packTasks[i].piece) }

// next makes the operation that the first layers of ls become, and says how many
// they are, or why there is none. e.out is its input before and its output after; shape is
// that of a sample before.
func (e *Plan[T]) next(ls []layers.Layer[T], shape []int) (o op[T], used int, why string) {
	in := e.out
	relu := follows[*layers.Relu[T]](ls, 1)
	switch l := ls[0].(type) {
	case *layers.Convolution[T]:
		pool := false
		if relu && follows[*layers.Pooling[T]](ls, 2) {
			p := ls[2].(*layers.Pooling[T])
			pool = p.PoolH == 2 && p.PoolW == 2 && p.Stride == 2 && p.Pad == 0
		}
		o := newConvOp(l, in, relu, pool)
		if o == nil {
			return nil, 0, "the kernels know strides above 1 and such pads only where the images come in"
		}
		if pool && follows[*layers.Affine[T]](ls, 3) {
			if both := newConvAffineOp(o, ls[3].(*layers.Affine[T])); both != nil {
				e.out = both.wide.out
				return both, 4, ""
			}
		}
		e.out = o.out
		return o, 1 + count(relu) + count(pool), ""
	case *layers.Affine[T]:
		if isWide(l, in) {
			o := newWideOp(l, in)
			e.out = o.out
			return o, 1, ""
		}
		o := newAffineOp(l, in, relu)
		e.out = o.out
		return o, 1 + count(relu), ""
	}
	if in.input && in.filters > 1 && in.height*in.width > 1 {
		return nil, 0, "the kernels want the channels last, and images come in with the channels first"
	}
	switch l := ls[0].(type) {
	case *layers.BatchNormalization[T]:
		if len(shape) == 2 {
			return nil, 0, "the kernels know samples of one or three axes"
		}
		o := newBatchNormOp(l, in, relu)
		e.out = o.out
		return o, 1 + count(relu), ""
	case *layers.Pooling[T]:
		o, out := newPoolOp(l, in)
		e.out = out
		return o, 1, ""
	case *layers.AveragePooling[T]:
		o := newAverageOp(l, in)
		e.out = o.out
		return o, 1, ""
	case *layers.Dropout[T]:
		o := newDropoutOp(l, in)
		e.out = o.out
		return o, 1, ""
	case *layers.Relu[T]:
		o := newReluOp(in)
		e.out = o.out
		return o, 1, ""
	case *layers.Sigmoid[T]:
		o := newSigmoidOp(in)
		e.out = o.out
		return o, 1, ""
	case layers.Elementwise[T]:
		if why := notElementwise(l, shape); why != "" {
			return nil, 0, why
		}
		o := newElementOp(l, in)
		e.out = o.out
		return o, 1, ""
	}
	return nil, 0, "there are no kernels for it"
}

// follows says whether layer i of ls is there and of the type L.
func follows[L layers.Layer[T], T ndarray.Float](ls []layers.Layer[T], i int) bool {
	if i >= len(ls) {
		return false
	}
	_, ok := ls[i].(L)
	return ok
}

// own makes the operation of a layer that runs by its own methods.
func (e *Plan[T]) own(l layers.Layer[T], shape []int, step *Step) op[T] {
	base := newOwnOp(l, e.out, slices.Clone(shape), l.OutputShape(shape))
	e.out = base.out
	e.owns = true
	o, why := newSplitOp(base)
	if o != nil {
		step.Way = Split
		return o
	}
	step.Way, step.Why, e.whole = Whole, why, true
	return &lotOp[T]{base}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Steps says how the layers run, in their order.
func (e *Plan[T]) Steps() []Step { return e.steps }

// Divides says whether Predict divides a batch into parts. Where it does not, its memory
// grows with the batch.
func (e *Plan[T]) Divides() bool { return !e.whole }

// Beside lets the next run of Loss or LossGradient draw and gather another batch, of as many
// samples, where processors have nothing else to do. What that run itself draws comes first.
func (e *Plan[T]) Beside(next *ahead.Batch) { e.beside = next }

// Loss returns the loss of a batch in training mode.
func (e *Plan[T]) Loss(x *ndarray.Array[T], t []int) T {
	e.begin(loss, x, t)
	e.courses[loss].run()
	return e.sumLoss()
}

// LossGradient returns the loss of a batch in training mode and the gradients of the
// parameters in the order of the layers. The arrays are valid until the next call.
func (e *Plan[T]) LossGradient(x *ndarray.Array[T], t []int) (T, []*ndarray.Array[T]) {
	e.begin(gradient, x, t)
	e.courses[gradient].run()
	return e.sumLoss(), e.grads
}

// begin makes ready for a run over x.
func (e *Plan[T]) begin(m mode, x *ndarray.Array[T], t []int) {
	e.mode, e.n, e.labels = m, x.Dim(0), t
	e.in.y = x.Data()
	e.part = partRows * ((e.n + partRows*mostParts - 1) / (partRows * mostParts))
	e.some = someRows
	if e.owns {
		e.some = e.part // a copy of a layer takes its part as a whole, forward and backward
	}
	// A smaller batch may be cut into more parts than this one.
	parts := min(mostParts, (e.n+partRows-1)/partRows)
	e.resize(e.n, parts)
	if m != predict && e.n > e.trained {
		e.trained = e.n
		e.losses = make([]T, e.n)
		for _, v := range e.between {
			v.resizeGradient(e.n)
		}
		for _, o := range e.ops {
			o.resizeGradient(e.n, parts)
		}
	}
}

// resize makes room for n samples, in so many places at the same time.
func (e *Plan[T]) resize(n, places int) {
	if n <= e.capacity && places <= e.places {
		return
	}
	e.capacity, e.places = max(n, e.capacity), max(places, e.places)
	e.out.resize(e.capacity)
	for _, o := range e.ops {
		o.resize(e.capacity, e.places)
	}
}

// countParts returns how many parts this run has.
func (e *Plan[T]) countParts() int { return (e.n + e.part - 1) / e.part }

// span returns the samples of a part.
func (e *Plan[T]) span(part int) (lo, hi int) { return part * e.part, min((part+1)*e.part, e.n) }

func (e *Plan[T]) sumLoss() T {
	sum := T(0)
	for part := range e.countParts() {
		lo, hi := e.span(part)
		of := T(0)
		for _, l := range e.losses[lo:hi] {
			of += l
		}
		sum += of
	}
	return sum / T(e.n)
}

// mode is what a run computes.
type mode int

const (
	predict  mode = iota // scores, in evaluation
	loss                 // in training mode
	gradient             // the loss and the gradients
)

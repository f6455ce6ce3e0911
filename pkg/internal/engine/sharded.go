package engine

import (
	"convbook/pkg/internal/workers"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

const (
	lanes     = 8  // parts of a batch that add up their gradients separately
	chunkRows = 16 // samples that a lane takes at a time, few enough to stay in cache
)

// Sharded runs the readable layers themselves, a few samples at a time, in
// copies that share the parameters.
type Sharded[T ndarray.Float] struct {
	layers   []layers.Layer[T]
	classes  int
	chains   [lanes]*chain[T]
	dropouts []*layers.Dropout[T]
	masks    [][]bool // of each dropout, for the whole batch

	job   *workers.Job
	x     *ndarray.Array[T]
	t     []int
	mode  mode
	y     *ndarray.Array[T] // scores, where they are asked for
	grads []*ndarray.Array[T]
}

type mode int

const (
	predict  mode = iota // scores, in evaluation
	loss                 // in training mode
	gradient             // the loss and the gradients
)

// chain is one lane: a copy of each layer, and what the lane adds up.
type chain[T ndarray.Float] struct {
	layers   []layers.Layer[T]
	replays  []*replay // what the dropouts draw from
	last     *layers.SoftmaxWithLoss[T]
	loss     T
	grads    []*ndarray.Array[T]
	hasGrads bool
}

// replay is a Source that repeats a mask drawn before: what was kept draws 1,
// what was dropped draws 0.
type replay struct{ mask []bool }

func (r *replay) Rand() float64 {
	keep := r.mask[0]
	r.mask = r.mask[1:]
	if keep {
		return 1
	}
	return 0
}

func (r *replay) Randn() float64 { panic("engine: dropout draws uniform numbers only") }

// newSharded returns an engine for the layers, or nil when one of them does not
// treat the samples of a batch independently or is not of pkg/layers.
func newSharded[T ndarray.Float](input []int, ls []layers.Layer[T]) *Sharded[T] {
	e := &Sharded[T]{layers: ls}
	for _, l := range ls {
		input = l.OutputShape(input)
	}
	e.classes = size(input)
	for i := range e.chains {
		if e.chains[i] = newChain(ls); e.chains[i] == nil {
			return nil
		}
	}
	for _, l := range ls {
		switch l := l.(type) {
		case *layers.Dropout[T]:
			e.dropouts = append(e.dropouts, l)
		case layers.Learner[T]:
			for _, p := range l.Parameters() {
				e.grads = append(e.grads, ndarray.Zeros[T](p.Value.Shape()...))
			}
		}
	}
	e.masks = make([][]bool, len(e.dropouts))
	e.job = workers.NewJob(e.runLane)
	return e
}

func newChain[T ndarray.Float](ls []layers.Layer[T]) *chain[T] {
	c := &chain[T]{last: layers.NewSoftmaxWithLoss[T]()}
	for _, l := range ls {
		switch l := l.(type) {
		case *layers.Convolution[T]:
			c.layers = append(c.layers, layers.NewConvolution(l.W, l.B, l.Stride, l.Pad))
		case *layers.Affine[T]:
			c.layers = append(c.layers, layers.NewAffine(l.W, l.B))
		case *layers.Pooling[T]:
			c.layers = append(c.layers, layers.NewPooling[T](l.PoolH, l.PoolW, l.Stride, l.Pad))
		case *layers.Relu[T]:
			c.layers = append(c.layers, layers.NewRelu[T]())
		case *layers.Sigmoid[T]:
			c.layers = append(c.layers, layers.NewSigmoid[T]())
		case *layers.Dropout[T]:
			r := new(replay)
			c.replays = append(c.replays, r)
			c.layers = append(c.layers, layers.NewDropout[T](r, l.Ratio))
		default:
			return nil
		}
	}
	return c
}

// Predict implements Engine.
func (e *Sharded[T]) Predict(x *ndarray.Array[T]) *ndarray.Array[T] {
	e.y = ndarray.Zeros[T](x.Dim(0), e.classes)
	e.run(predict, x, nil)
	return e.y
}

// Loss implements Engine.
func (e *Sharded[T]) Loss(x *ndarray.Array[T], t []int) T {
	e.run(loss, x, t)
	return e.sumLoss()
}

// LossGradient implements Engine.
func (e *Sharded[T]) LossGradient(x *ndarray.Array[T], t []int) (T, []*ndarray.Array[T]) {
	e.run(gradient, x, t)
	for i, sum := range e.grads {
		sum.Fill(0)
		for _, c := range e.chains {
			if c.hasGrads {
				addTo(sum, c.grads[i])
			}
		}
	}
	return e.sumLoss(), e.grads
}

func (e *Sharded[T]) sumLoss() (sum T) {
	for _, c := range e.chains {
		sum += c.loss
	}
	return sum
}

func (e *Sharded[T]) run(m mode, x *ndarray.Array[T], t []int) {
	e.mode, e.x, e.t = m, x, t
	if m != predict {
		e.drawMasks(x)
	}
	e.job.Run(lanes)
}

// drawMasks draws, dropout by dropout, for the whole batch: the order in which
// the layers themselves would draw.
func (e *Sharded[T]) drawMasks(x *ndarray.Array[T]) {
	shape, at := x.Shape()[1:], 0
	for _, l := range e.layers {
		shape = l.OutputShape(shape)
		if l, ok := l.(*layers.Dropout[T]); ok {
			e.masks[at] = l.DrawMask(x.Dim(0) * size(shape))
			at++
		}
	}
}

func (e *Sharded[T]) runLane(lane int) {
	c, n := e.chains[lane], e.x.Dim(0)
	c.loss, c.hasGrads, c.grads = 0, false, c.grads[:0]
	begin, end := lane*n/lanes, (lane+1)*n/lanes
	for lo := begin; lo < end; lo += chunkRows {
		e.runChunk(c, lo, min(lo+chunkRows, end))
	}
}

func (e *Sharded[T]) runChunk(c *chain[T], lo, hi int) {
	n := e.x.Dim(0)
	for i, r := range c.replays {
		per := len(e.masks[i]) / n
		r.mask = e.masks[i][lo*per : hi*per]
	}
	y := e.x.Slice(lo, hi)
	for _, l := range c.layers {
		y = l.Forward(y, e.mode != predict)
	}
	if e.mode == predict {
		e.y.Slice(lo, hi).Copy(y)
		return
	}
	share := T(hi-lo) / T(n)
	c.loss += share * c.last.Forward(y, e.t[lo:hi])
	if e.mode == loss {
		return
	}
	c.backward(c.last.Backward().Scale(share))
}

func (c *chain[T]) backward(dout *ndarray.Array[T]) {
	for i := len(c.layers) - 1; i > 0; i-- {
		dout = c.layers[i].Backward(dout)
	}
	if first, ok := c.layers[0].(*layers.Convolution[T]); ok {
		first.BackwardParams(dout)
	} else {
		c.layers[0].Backward(dout)
	}
	at := 0
	for _, l := range c.layers {
		if l, ok := l.(layers.Learner[T]); ok {
			for _, p := range l.Parameters() {
				if c.hasGrads {
					addTo(c.grads[at], p.Grad)
				} else {
					c.grads = append(c.grads, p.Grad)
				}
				at++
			}
		}
	}
	c.hasGrads = true
}

func addTo[T ndarray.Float](sum, a *ndarray.Array[T]) {
	s := sum.Data()
	for i, v := range a.Data() {
		s[i] += v
	}
}

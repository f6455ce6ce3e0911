package engine

import (
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// stretch is a row of layers that treat every sample by itself, or one layer that must
// see the whole batch.
type stretch[T ndarray.Float] struct {
	whole  layers.Layer[T] // or nil
	layers []layers.Layer[T]
	in     []int   // shape of a sample before
	shapes [][]int // and after each layer

	first, last bool
	chains      [lanes]*chain[T]
	draws       [][]float64 // what each layer draws in training, for the whole batch

	x, y, dout, dx *ndarray.Array[T]
}

// chain is one lane: a copy of each layer, and what the lane adds up.
type chain[T ndarray.Float] struct {
	layers  []layers.Layer[T]
	replays []*replay // nil where a layer draws nothing
	last    *layers.SoftmaxWithLoss[T]
	loss    T
	grads   []*ndarray.Array[T]
}

func (s *stretch[T]) begin() {
	s.draws = make([][]float64, len(s.layers))
	for i := range s.chains {
		c := &chain[T]{last: layers.NewSoftmaxWithLoss[T]()}
		for i, l := range s.layers {
			copied, from, _ := share(l)
			if conv, ok := copied.(*layers.Convolution[T]); ok && s.first && i == 0 {
				copied = &inputConv[T]{Convolution: conv}
			}
			c.layers, c.replays = append(c.layers, copied), append(c.replays, from)
		}
		s.chains[i] = c
	}
}

// out is the shape of a sample after the stretch.
func (s *stretch[T]) out() []int {
	if len(s.shapes) == 0 {
		return s.in
	}
	return s.shapes[len(s.shapes)-1]
}

// before is the shape of a sample before layer i.
func (s *stretch[T]) before(i int) []int {
	if i == 0 {
		return s.in
	}
	return s.shapes[i-1]
}

// ready makes room for a batch and draws, layer by layer, what the layers themselves
// would draw for it.
func (s *stretch[T]) ready(x *ndarray.Array[T], m mode) {
	n := x.Dim(0)
	s.x = x
	if s.whole == nil && (!s.last || m == predict) {
		s.y = ndarray.Zeros[T](append([]int{n}, s.out()...)...)
	}
	if m == gradient && !s.first && s.whole == nil {
		s.dx = ndarray.Zeros[T](append([]int{n}, s.in...)...)
	}
	if m == predict {
		return
	}
	for i, l := range s.layers {
		if l, ok := l.(layers.Random[T]); ok {
			s.draws[i] = drawn(s.draws[i], l, n, s.before(i))
		}
	}
}

// run takes samples lo to hi forward through a lane.
func (s *stretch[T]) run(c *chain[T], lo, hi int, train bool) *ndarray.Array[T] {
	y := s.x.Slice(lo, hi)
	for i, l := range c.layers {
		if r := c.replays[i]; r != nil && train {
			per := len(s.draws[i]) / s.x.Dim(0)
			r.draws = s.draws[i][lo*per : hi*per]
			y = Forward(l, y, s.shapes[i], train)
			r.done()
			continue
		}
		y = Forward(l, y, s.shapes[i], train)
	}
	return y
}

// runBack takes their gradients back and adds up those of the parameters. more says that
// another chunk follows.
func (s *stretch[T]) runBack(c *chain[T], dout *ndarray.Array[T], lo, hi int, more bool) {
	for i := len(c.layers) - 1; i >= 0; i-- {
		if first, ok := c.layers[i].(*inputConv[T]); ok {
			first.Backward(dout)
			break
		}
		dout = Backward(c.layers[i], dout, s.before(i))
	}
	if !s.first {
		s.dx.Slice(lo, hi).Copy(dout)
	}
	sums := c.grads
	c.grads = nil
	for _, l := range c.layers {
		if l, ok := l.(layers.Learner[T]); ok {
			for _, p := range Gradients(l) {
				g := p.Grad
				switch {
				case sums != nil:
					g = sums[len(c.grads)]
					addTo(g, p.Grad)
				case more:
					g = g.Clone() // the layer may write the next gradient into the same array
				}
				c.grads = append(c.grads, g)
			}
		}
	}
}

// sumGrads writes the gradients of the stretch's parameters into sums, and says how many
// they are.
func (s *stretch[T]) sumGrads(sums []*ndarray.Array[T]) int {
	if s.whole != nil {
		l, ok := s.whole.(layers.Learner[T])
		if !ok {
			return 0
		}
		ps := Gradients(l)
		for i, p := range ps {
			sums[i].Copy(p.Grad)
		}
		return len(ps)
	}
	count := 0
	for _, l := range s.layers {
		if l, ok := l.(layers.Learner[T]); ok {
			count += len(l.Parameters())
		}
	}
	for i, sum := range sums[:count] {
		sum.Fill(0)
		for _, c := range s.chains {
			if c.grads != nil {
				addTo(sum, c.grads[i])
			}
		}
	}
	return count
}

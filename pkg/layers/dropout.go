package layers

import (
	"fmt"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Dropout sets each value to zero with probability Ratio in training. As in
// the class it does not rescale what it keeps; in evaluation it multiplies
// everything by 1 - Ratio instead. (common.layers.Dropout)
type Dropout[T ndarray.Float] struct {
	Ratio float64

	src      ndarray.Source
	outShape []int
	mask     []bool // what the last Forward kept, in training; nil in evaluation
}

// NewDropout returns a dropout layer that draws from src; with ratio 0 it keeps all. It
// panics unless 0 <= ratio < 1, and when src is nil.
func NewDropout[T ndarray.Float](src ndarray.Source, ratio float64) *Dropout[T] {
	if !(ratio >= 0 && ratio < 1) {
		panic(fmt.Sprintf("NewDropout: ratio %v, want 0 <= ratio < 1", ratio))
	}
	if src == nil {
		panic("NewDropout: no random source, want one such as nprandom.New(0)")
	}
	return &Dropout[T]{Ratio: ratio, src: src}
}

// Name returns "Dropout".
func (l *Dropout[T]) Name() string { return "Dropout" }

// Source returns what the layer draws from.
func (l *Dropout[T]) Source() ndarray.Source { return l.src }

// OutputShape returns the shape of a sample, which stays as it is.
func (l *Dropout[T]) OutputShape(in []int) []int { return in }

// Draws returns how many values a sample of shape in has: each draws once.
func (l *Dropout[T]) Draws(in []int) int { return shapes.Size(in) }

// ShareFrom returns a Dropout with the same Ratio that draws from src.
func (l *Dropout[T]) ShareFrom(src ndarray.Source) Layer[T] { return NewDropout[T](src, l.Ratio) }

// Forward returns an array of the shape of x. In training it draws once for each of its
// values.
func (l *Dropout[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	l.outShape, l.mask = shapes.Of("Dropout.Forward", "x", x), nil
	if !train {
		return x.Scale(T(1 - l.Ratio))
	}
	l.mask = make([]bool, x.Size())
	for i := range l.mask {
		l.mask[i] = l.src.Rand() > l.Ratio
	}
	return l.masked(x)
}

// Backward returns dout, of the shape of the output, where the value was kept and 0
// elsewhere; after an evaluation it returns dout times 1 - Ratio.
func (l *Dropout[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	checkBackward("Dropout.Backward", dout, l.outShape)
	if l.mask == nil {
		return dout.Scale(T(1 - l.Ratio))
	}
	return l.masked(dout)
}

// masked multiplies with 1 where kept and 0 elsewhere, so nan stays nan.
func (l *Dropout[T]) masked(x *ndarray.Array[T]) *ndarray.Array[T] {
	out := x.Clone()
	for i, keep := range l.mask {
		if !keep {
			out.Data()[i] *= 0
		}
	}
	return out
}

// String describes the layer's settings in one line.
func (l *Dropout[T]) String() string { return fmt.Sprintf("ratio %v", l.Ratio) }

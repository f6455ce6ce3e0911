package layers

import (
	"math"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Relu keeps what is above zero: x where x > 0, else 0; nan stays nan.
// (common.layers.Relu)
type Relu[T ndarray.Float] struct {
	outShape []int
	off      []bool // where the input was <= 0
}

// NewRelu returns a Relu layer.
func NewRelu[T ndarray.Float]() *Relu[T] { return &Relu[T]{} }

// Name returns "Relu".
func (l *Relu[T]) Name() string { return "Relu" }

// OutputShape returns the shape of a sample, which stays as it is.
func (l *Relu[T]) OutputShape(in []int) []int { return in }

// Forward returns an array of the shape of x. It panics when x is nil.
func (l *Relu[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	l.outShape = shapes.Of("Relu.Forward", "x", x)
	out := x.Clone()
	l.off = make([]bool, x.Size())
	for i, v := range out.Data() {
		if v <= 0 {
			l.off[i], out.Data()[i] = true, 0
		}
	}
	return out
}

// Backward returns dout where the input was above zero, and 0 elsewhere; dout has the
// shape of the output.
func (l *Relu[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	checkBackward("Relu.Backward", dout, l.outShape)
	dx := dout.Clone()
	for i, off := range l.off {
		if off {
			dx.Data()[i] = 0
		}
	}
	return dx
}

// Share returns another Relu.
func (l *Relu[T]) Share() Layer[T] { return NewRelu[T]() }

// Sigmoid is 1/(1 + exp(-x)). (common.layers.Sigmoid)
type Sigmoid[T ndarray.Float] struct {
	outShape []int
	y        *ndarray.Array[T]
}

// NewSigmoid returns a Sigmoid layer.
func NewSigmoid[T ndarray.Float]() *Sigmoid[T] { return &Sigmoid[T]{} }

// Name returns "Sigmoid".
func (l *Sigmoid[T]) Name() string { return "Sigmoid" }

// OutputShape returns the shape of a sample, which stays as it is.
func (l *Sigmoid[T]) OutputShape(in []int) []int { return in }

// Forward returns an array of the shape of x. It panics when x is nil.
func (l *Sigmoid[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	l.outShape = shapes.Of("Sigmoid.Forward", "x", x)
	l.y = x.Map(l.Value)
	return l.y
}

// Backward returns dout times the slope at each place; dout has the shape of the output.
func (l *Sigmoid[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	checkBackward("Sigmoid.Backward", dout, l.outShape)
	slope := l.y.Map(func(y T) T { return l.Slope(0, y) })
	return dout.Mul(slope)
}

// Value returns 1/(1 + exp(-x)).
func (l *Sigmoid[T]) Value(x T) T { return T(1 / (1 + math.Exp(-float64(x)))) }

// Slope returns (1 - y)*y, the derivative at an input whose output is y.
func (l *Sigmoid[T]) Slope(_, y T) T { return (1 - y) * y }

// Share returns another Sigmoid.
func (l *Sigmoid[T]) Share() Layer[T] { return NewSigmoid[T]() }

package layers

import (
	"math"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Relu keeps what is above zero: x where x > 0, else 0; nan stays nan.
// (common.layers.Relu)
type Relu[T ndarray.Float] struct {
	off []bool // where the input was <= 0
}

// NewRelu returns a Relu layer.
func NewRelu[T ndarray.Float]() *Relu[T] { return &Relu[T]{} }

func (l *Relu[T]) Name() string { return "Relu" }

func (l *Relu[T]) OutputShape(in []int) []int { return in }

func (l *Relu[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	out := x.Clone()
	l.off = make([]bool, x.Size())
	for i, v := range out.Data() {
		if v <= 0 {
			l.off[i], out.Data()[i] = true, 0
		}
	}
	return out
}

func (l *Relu[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	shapes.Check("Relu.Backward", []int{dout.Size()}, []int{len(l.off)}, "the number of elements of the output")
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
	y *ndarray.Array[T]
}

// NewSigmoid returns a Sigmoid layer.
func NewSigmoid[T ndarray.Float]() *Sigmoid[T] { return &Sigmoid[T]{} }

func (l *Sigmoid[T]) Name() string { return "Sigmoid" }

func (l *Sigmoid[T]) OutputShape(in []int) []int { return in }

func (l *Sigmoid[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	l.y = x.Map(l.Value)
	return l.y
}

func (l *Sigmoid[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	shapes.Check("Sigmoid.Backward", dout.Shape(), l.y.Shape(), "the shape of the output")
	slope := l.y.Map(func(y T) T { return l.Slope(0, y) })
	return dout.Mul(slope)
}

// Value returns 1/(1 + exp(-x)).
func (l *Sigmoid[T]) Value(x T) T { return T(1 / (1 + math.Exp(-float64(x)))) }

// Slope returns (1 - y)*y, the derivative at an input whose output is y.
func (l *Sigmoid[T]) Slope(_, y T) T { return (1 - y) * y }

// Share returns another Sigmoid.
func (l *Sigmoid[T]) Share() Layer[T] { return NewSigmoid[T]() }

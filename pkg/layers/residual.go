package layers

import (
	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Residual adds to what its layers compute the input itself, by a way around them:
//
//	y = f(x) + x
//
// so that the gradient has a way back that no layer can close. Where f changes the shape,
// x goes through the layers of Shortcut, such as a convolution of 1x1.
// (He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015)
type Residual[T ndarray.Float] struct {
	Layers   Chain[T] // f
	Shortcut Chain[T] // none: x as it is

	outShape []int
}

// NewResidual returns a block of the given layers, with a shortcut that may be nil.
func NewResidual[T ndarray.Float](ls, shortcut Chain[T]) *Residual[T] {
	return &Residual[T]{Layers: ls, Shortcut: shortcut}
}

// Name returns "Residual".
func (l *Residual[T]) Name() string { return "Residual" }

// OutputShape returns the shape after the layers. It panics with a *ndarray.ShapeError
// when that after the shortcut is another.
func (l *Residual[T]) OutputShape(in []int) []int {
	out := l.Layers.outputShape(in)
	shapes.Check("Residual", l.Shortcut.outputShape(in), out,
		"the shortcut must have the shape of what it is added to; give the block a shortcut such as a 1x1 convolution")
	return out
}

// Forward takes x (N, …) and returns f(x) + x.
func (l *Residual[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	shape := shapes.Of("Residual.Forward", "x", x)
	if len(shape) == 0 {
		panic(&ndarray.ShapeError{Op: "Residual.Forward", Got: shape, Hint: "the first axis is the batch"})
	}
	l.OutputShape(shape[1:])
	y := l.Layers.forward(x, train).Add(l.Shortcut.forward(x, train))
	l.outShape = y.Shape()
	return y
}

// Backward takes dout of the shape of the output and returns the gradient of x: what comes
// back through the layers and what comes back around them.
func (l *Residual[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	checkBackward("Residual.Backward", dout, l.outShape)
	return l.Layers.backward(dout).Add(l.Shortcut.backward(dout))
}

// Chains returns the layers and the shortcut.
func (l *Residual[T]) Chains() []Chain[T] { return []Chain[T]{l.Layers, l.Shortcut} }

// Parameters returns those of the layers, then those of the shortcut.
func (l *Residual[T]) Parameters() []Parameter[T] { return parametersOf(l.Layers, l.Shortcut) }

// Statistics returns those of the layers, then those of the shortcut.
func (l *Residual[T]) Statistics() []Statistic[T] { return statisticsOf(l.Layers, l.Shortcut) }

// Share returns a block of copies, or nil where a layer has none.
func (l *Residual[T]) Share() Layer[T] {
	ls, ok := l.Layers.share()
	shortcut, also := l.Shortcut.share()
	if !ok || !also {
		return nil
	}
	return NewResidual(ls, shortcut)
}

// String describes the block in one line.
func (l *Residual[T]) String() string { return l.Layers.String() + " + " + l.Shortcut.String() }

package layers

import (
	"fmt"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Affine multiplies each sample, flattened to one row, with W and adds b:
// (N, …) becomes (N, out). (common.layers.Affine; book, section 5.6)
type Affine[T ndarray.Float] struct {
	W *ndarray.Array[T] // weights (in, out)
	B *ndarray.Array[T] // biases (out,)

	DW, DB *ndarray.Array[T] // gradients, filled by Backward

	inShape, outShape []int
	x                 *ndarray.Array[T] // (N, in)
}

// NewAffine returns an affine layer with weights w (in, out) and biases b
// (out,). It panics when one is nil or the shapes do not fit.
func NewAffine[T ndarray.Float](w, b *ndarray.Array[T]) *Affine[T] {
	shapes.Check("NewAffine W", shapes.Of("NewAffine", "w", w), []int{-1, -1}, "weights have the axes (in, out)")
	shapes.Check("NewAffine b", shapes.Of("NewAffine", "b", b), []int{w.Dim(1)}, "one bias for each column of W "+shapes.Text(w.Shape()))
	return &Affine[T]{W: w, B: b}
}

// Name returns "Affine".
func (l *Affine[T]) Name() string { return "Affine" }

// OutputShape returns (out,). It panics with a *ndarray.ShapeError unless a sample has as
// many elements as W has rows.
func (l *Affine[T]) OutputShape(in []int) []int {
	size := shapes.Size(in)
	if size != l.W.Dim(0) {
		panic(&ndarray.ShapeError{Op: "Affine", Got: in, Want: []int{l.W.Dim(0)},
			Hint: fmt.Sprintf("a sample has %d elements but W %s has %d rows", size, shapes.Text(l.W.Shape()), l.W.Dim(0))})
	}
	return []int{l.W.Dim(1)}
}

// Forward takes x (N, …) and returns (N, out): x·W + b.
func (l *Affine[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	shape := shapes.Of("Affine.Forward", "x", x)
	if len(shape) == 0 {
		panic(&ndarray.ShapeError{Op: "Affine.Forward", Got: shape, Want: []int{-1, l.W.Dim(0)}, Hint: "the first axis is the batch"})
	}
	l.inShape, l.outShape = shape, append([]int{shape[0]}, l.OutputShape(shape[1:])...)
	l.x = x.Reshape(x.Dim(0), l.W.Dim(0))
	return l.x.Dot(l.W).Add(l.B)
}

// Backward takes dout (N, out), sets DW (in, out) and DB (out,), and returns the gradient
// of x, of its shape.
func (l *Affine[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	checkBackward("Affine.Backward", dout, l.outShape)
	l.DW = l.x.TDot(dout)
	l.DB = dout.Sum(0)
	return dout.DotT(l.W).Reshape(l.inShape...)
}

// Parameters returns W and b with their gradients.
func (l *Affine[T]) Parameters() []Parameter[T] {
	return []Parameter[T]{{"W", l.W, l.DW}, {"b", l.B, l.DB}}
}

// Share returns an Affine with the same W and B.
func (l *Affine[T]) Share() Layer[T] { return NewAffine(l.W, l.B) }

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

	inShape []int
	x       *ndarray.Array[T] // (N, in)
}

// NewAffine returns an affine layer with weights w (in, out) and biases b
// (out,). It panics when the shapes do not fit.
func NewAffine[T ndarray.Float](w, b *ndarray.Array[T]) *Affine[T] {
	shapes.Check("Affine W", w.Shape(), []int{-1, -1}, "weights have the axes (in, out)")
	shapes.Check("Affine b", b.Shape(), []int{w.Dim(1)}, "one bias for each column of W "+shapes.Text(w.Shape()))
	return &Affine[T]{W: w, B: b}
}

func (l *Affine[T]) Name() string { return "Affine" }

func (l *Affine[T]) OutputShape(in []int) []int {
	size := 1
	for _, n := range in {
		size *= n
	}
	if size != l.W.Dim(0) {
		panic(&ndarray.ShapeError{Op: "Affine", Got: in, Want: []int{l.W.Dim(0)},
			Hint: fmt.Sprintf("a sample has %d elements but W %s has %d rows", size, shapes.Text(l.W.Shape()), l.W.Dim(0))})
	}
	return []int{l.W.Dim(1)}
}

func (l *Affine[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	if x.NDim() == 0 {
		panic(&ndarray.ShapeError{Op: "Affine.Forward", Got: x.Shape(), Want: []int{-1, l.W.Dim(0)}, Hint: "the first axis is the batch"})
	}
	l.OutputShape(x.Shape()[1:])
	l.inShape = x.Shape()
	l.x = x.Reshape(x.Dim(0), l.W.Dim(0))
	return l.x.Dot(l.W).Add(l.B)
}

func (l *Affine[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	shapes.Check("Affine.Backward", dout.Shape(), []int{l.inShape[0], l.W.Dim(1)}, "the shape of the output")
	l.DW = l.x.TDot(dout)
	l.DB = dout.Sum(0)
	return dout.DotT(l.W).Reshape(l.inShape...)
}

func (l *Affine[T]) Parameters() []Parameter[T] {
	return []Parameter[T]{{"W", l.W, l.DW}, {"b", l.B, l.DB}}
}

// Share returns an Affine with the same W and B.
func (l *Affine[T]) Share() Layer[T] { return NewAffine(l.W, l.B) }

package layers

import (
	"fmt"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Convolution slides FN filters of shape (C, FH, FW) over images of shape
// (N, C, H, W) and adds a bias per filter: the output has the shape
// (N, FN, OH, OW). (common.layers.Convolution; book, section 7.4)
type Convolution[T ndarray.Float] struct {
	W           *ndarray.Array[T] // filters (FN, C, FH, FW)
	B           *ndarray.Array[T] // biases (FN,)
	Stride, Pad int

	DW, DB *ndarray.Array[T] // gradients, filled by Backward

	inShape []int
	col     *ndarray.Array[T] // (N*OH*OW, C*FH*FW)
}

// NewConvolution returns a convolution with filters w (FN, C, FH, FW) and
// biases b (FN,). It panics when the shapes do not fit, the stride is below 1
// or the pad below 0.
func NewConvolution[T ndarray.Float](w, b *ndarray.Array[T], stride, pad int) *Convolution[T] {
	shapes.Check("Convolution W", w.Shape(), []int{-1, -1, -1, -1}, "filters have the axes (FN, C, FH, FW)")
	shapes.Check("Convolution b", b.Shape(), []int{w.Dim(0)}, "one bias for each filter")
	checkWindow("Convolution", w.Dim(2), w.Dim(3), stride, pad)
	return &Convolution[T]{W: w, B: b, Stride: stride, Pad: pad}
}

func (l *Convolution[T]) Name() string { return "Convolution" }

func (l *Convolution[T]) OutputShape(in []int) []int {
	c, fh, fw := l.W.Dim(1), l.W.Dim(2), l.W.Dim(3)
	shapes.Check("Convolution", in, []int{c, -1, -1},
		"the filters have shape "+shapes.Text(l.W.Shape())+" (FN, C, FH, FW)")
	w := newWindows("Convolution", append([]int{1}, in...), fh, fw, l.Stride, l.Pad)
	return []int{l.W.Dim(0), w.outH, w.outW}
}

func (l *Convolution[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	fn, c, fh, fw := l.W.Dim(0), l.W.Dim(1), l.W.Dim(2), l.W.Dim(3)
	shapes.Check("Convolution.Forward", x.Shape(), []int{-1, c, -1, -1},
		"the filters have shape "+shapes.Text(l.W.Shape())+" (FN, C, FH, FW)")
	n, out := x.Dim(0), l.OutputShape(x.Shape()[1:])

	l.inShape = x.Shape()
	l.col = Im2col(x, fh, fw, l.Stride, l.Pad)    // (N*OH*OW, C*FH*FW)
	y := l.col.DotT(l.W.Reshape(fn, -1)).Add(l.B) // (N*OH*OW, FN)
	return y.Reshape(n, out[1], out[2], fn).Transpose(0, 3, 1, 2)
}

func (l *Convolution[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	fn, fh, fw := l.W.Dim(0), l.W.Dim(2), l.W.Dim(3)
	d := l.BackwardParams(dout)
	dcol := d.Dot(l.W.Reshape(fn, -1)) // (N*OH*OW, C*FH*FW)
	return Col2im(dcol, l.inShape, fh, fw, l.Stride, l.Pad)
}

// BackwardParams is the part of Backward that fills DW and DB. The first layer
// of a network needs no more. It returns dout as rows (N*OH*OW, FN).
func (l *Convolution[T]) BackwardParams(dout *ndarray.Array[T]) *ndarray.Array[T] {
	out := l.OutputShape(l.inShape[1:])
	shapes.Check("Convolution.Backward", dout.Shape(), append([]int{l.inShape[0]}, out...), "the shape of the output")

	d := dout.Transpose(0, 2, 3, 1).Reshape(-1, l.W.Dim(0)) // (N*OH*OW, FN)
	l.DB = d.Sum(0)
	l.DW = d.TDot(l.col).Reshape(l.W.Shape()...)
	return d
}

func (l *Convolution[T]) Parameters() []Parameter[T] {
	return []Parameter[T]{{"W", l.W, l.DW}, {"b", l.B, l.DB}}
}

// Share returns a Convolution with the same W and B.
func (l *Convolution[T]) Share() Layer[T] { return NewConvolution(l.W, l.B, l.Stride, l.Pad) }

// String describes the layer's settings in one line.
func (l *Convolution[T]) String() string {
	return fmt.Sprintf("%d filters %dx%d, stride %d, pad %d", l.W.Dim(0), l.W.Dim(2), l.W.Dim(3), l.Stride, l.Pad)
}

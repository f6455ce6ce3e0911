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

	inShape, outShape []int
	col               *ndarray.Array[T] // (N*OH*OW, C*FH*FW)
}

// NewConvolution returns a convolution with filters w (FN, C, FH, FW) and
// biases b (FN,). It panics when one is nil or the shapes do not fit, the stride is
// below 1 or the pad below 0.
func NewConvolution[T ndarray.Float](w, b *ndarray.Array[T], stride, pad int) *Convolution[T] {
	shapes.Check("NewConvolution W", shapes.Of("NewConvolution", "w", w), []int{-1, -1, -1, -1}, "filters have the axes (FN, C, FH, FW)")
	shapes.Check("NewConvolution b", shapes.Of("NewConvolution", "b", b), []int{w.Dim(0)}, "one bias for each filter")
	checkWindow("NewConvolution", w.Dim(2), w.Dim(3), stride, pad)
	return &Convolution[T]{W: w, B: b, Stride: stride, Pad: pad}
}

// Name returns "Convolution".
func (l *Convolution[T]) Name() string { return "Convolution" }

// OutputShape takes (C, H, W) and returns (FN, OH, OW). It panics with a
// *ndarray.ShapeError for other channels, or when the filters do not fit into the image.
func (l *Convolution[T]) OutputShape(in []int) []int {
	c, fh, fw := l.W.Dim(1), l.W.Dim(2), l.W.Dim(3)
	shapes.Check("Convolution", in, []int{c, -1, -1},
		"the filters have shape "+shapes.Text(l.W.Shape())+" (FN, C, FH, FW)")
	w := newWindows("Convolution", append([]int{1}, in...), fh, fw, l.Stride, l.Pad)
	return []int{l.W.Dim(0), w.outH, w.outW}
}

// Forward takes x (N, C, H, W) and returns (N, FN, OH, OW).
func (l *Convolution[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	fn, c, fh, fw := l.W.Dim(0), l.W.Dim(1), l.W.Dim(2), l.W.Dim(3)
	shapes.Check("Convolution.Forward", shapes.Of("Convolution.Forward", "x", x), []int{-1, c, -1, -1},
		"the filters have shape "+shapes.Text(l.W.Shape())+" (FN, C, FH, FW)")
	n, out := x.Dim(0), l.OutputShape(x.Shape()[1:])

	l.inShape, l.outShape = x.Shape(), []int{n, fn, out[1], out[2]}
	l.col = Im2col(x, fh, fw, l.Stride, l.Pad)    // (N*OH*OW, C*FH*FW)
	y := l.col.DotT(l.W.Reshape(fn, -1)).Add(l.B) // (N*OH*OW, FN)
	return y.Reshape(n, out[1], out[2], fn).Transpose(0, 3, 1, 2)
}

// Backward takes dout (N, FN, OH, OW), sets DW (FN, C, FH, FW) and DB (FN,), and returns
// the gradient of x (N, C, H, W).
func (l *Convolution[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	checkBackward("Convolution.Backward", dout, l.outShape)
	fn, fh, fw := l.W.Dim(0), l.W.Dim(2), l.W.Dim(3)

	d := dout.Transpose(0, 2, 3, 1).Reshape(-1, fn) // (N*OH*OW, FN)
	l.DB = d.Sum(0)
	l.DW = d.TDot(l.col).Reshape(l.W.Shape()...)
	dcol := d.Dot(l.W.Reshape(fn, -1)) // (N*OH*OW, C*FH*FW)
	return Col2im(dcol, l.inShape, fh, fw, l.Stride, l.Pad)
}

// Parameters returns W and b with their gradients.
func (l *Convolution[T]) Parameters() []Parameter[T] {
	return []Parameter[T]{{"W", l.W, l.DW}, {"b", l.B, l.DB}}
}

// Share returns a Convolution with the same W and B.
func (l *Convolution[T]) Share() Layer[T] { return NewConvolution(l.W, l.B, l.Stride, l.Pad) }

// String describes the layer's settings in one line.
func (l *Convolution[T]) String() string {
	return fmt.Sprintf("%d filters %dx%d, stride %d, pad %d", l.W.Dim(0), l.W.Dim(2), l.W.Dim(3), l.Stride, l.Pad)
}

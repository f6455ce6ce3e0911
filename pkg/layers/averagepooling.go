package layers

import (
	"fmt"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// AveragePooling takes the mean of each PoolH x PoolW window of each channel:
// images (N, C, H, W) become (N, C, OH, OW). The zeros of a padding count.
type AveragePooling[T ndarray.Float] struct {
	PoolH, PoolW, Stride, Pad int

	inShape, outShape []int
}

// NewAveragePooling returns an average-pooling layer. It panics when the window or the
// stride is below 1 or the pad below 0.
func NewAveragePooling[T ndarray.Float](poolH, poolW, stride, pad int) *AveragePooling[T] {
	checkWindow("NewAveragePooling", poolH, poolW, stride, pad)
	return &AveragePooling[T]{PoolH: poolH, PoolW: poolW, Stride: stride, Pad: pad}
}

// Name returns "AveragePooling".
func (l *AveragePooling[T]) Name() string { return "AveragePooling" }

// OutputShape takes (C, H, W) and returns (C, OH, OW). It panics with a
// *ndarray.ShapeError when the window does not fit into the image.
func (l *AveragePooling[T]) OutputShape(in []int) []int {
	shapes.Check("AveragePooling", in, []int{-1, -1, -1}, "a sample has the axes (C, H, W)")
	w := newWindows("AveragePooling", append([]int{1}, in...), l.PoolH, l.PoolW, l.Stride, l.Pad)
	return []int{in[0], w.outH, w.outW}
}

// Forward takes x (N, C, H, W) and returns (N, C, OH, OW).
func (l *AveragePooling[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	shapes.Check("AveragePooling.Forward", shapes.Of("AveragePooling.Forward", "x", x), []int{-1, -1, -1, -1}, "images have the axes (N, C, H, W)")
	n, out := x.Dim(0), l.OutputShape(x.Shape()[1:])
	l.inShape, l.outShape = x.Shape(), append([]int{n}, out...)

	col := Im2col(x, l.PoolH, l.PoolW, l.Stride, l.Pad) // (N*OH*OW, C*PH*PW)
	mean := col.Reshape(-1, l.PoolH*l.PoolW).Mean(1)    // (N*OH*OW*C,)
	return mean.Reshape(n, out[1], out[2], out[0]).Transpose(0, 3, 1, 2)
}

// Backward takes dout (N, C, OH, OW) and returns the gradient of x (N, C, H, W): each
// value is divided equally among its window.
func (l *AveragePooling[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	checkBackward("AveragePooling.Backward", dout, l.outShape)
	area := l.PoolH * l.PoolW

	d := dout.Transpose(0, 2, 3, 1).Reshape(-1, 1)                    // one row for each window
	dcol := ndarray.Full(1/T(area), 1, area).Mul(d)                   // (N*OH*OW*C, PH*PW)
	dcol = dcol.Reshape(-1, l.inShape[1]*area)                        // (N*OH*OW, C*PH*PW)
	return Col2im(dcol, l.inShape, l.PoolH, l.PoolW, l.Stride, l.Pad) // (N, C, H, W)
}

// Share returns an AveragePooling with the same windows.
func (l *AveragePooling[T]) Share() Layer[T] {
	return NewAveragePooling[T](l.PoolH, l.PoolW, l.Stride, l.Pad)
}

// String describes the layer's settings in one line.
func (l *AveragePooling[T]) String() string {
	return fmt.Sprintf("%dx%d, stride %d, pad %d", l.PoolH, l.PoolW, l.Stride, l.Pad)
}

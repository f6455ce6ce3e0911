package layers

import (
	"fmt"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Pooling keeps the largest value of each PoolH x PoolW window of each channel:
// images (N, C, H, W) become (N, C, OH, OW). Where several values are equal the
// first one counts, in row-major order of the window. (common.layers.Pooling;
// book, section 7.4.4)
//
// Padding is with zeros, as the class's im2col pads, so a padded zero can win
// over negative values.
type Pooling[T ndarray.Float] struct {
	PoolH, PoolW, Stride, Pad int

	inShape, outShape []int
	argMax            []int // for each output, the winner's place in its window
}

// NewPooling returns a max-pooling layer. It panics when the window or the
// stride is below 1 or the pad below 0.
func NewPooling[T ndarray.Float](poolH, poolW, stride, pad int) *Pooling[T] {
	checkWindow("NewPooling", poolH, poolW, stride, pad)
	return &Pooling[T]{PoolH: poolH, PoolW: poolW, Stride: stride, Pad: pad}
}

// Name returns "Pooling".
func (l *Pooling[T]) Name() string { return "Pooling" }

// OutputShape takes (C, H, W) and returns (C, OH, OW). It panics with a
// *ndarray.ShapeError when the window does not fit into the image.
func (l *Pooling[T]) OutputShape(in []int) []int {
	shapes.Check("Pooling", in, []int{-1, -1, -1}, "a sample has the axes (C, H, W)")
	w := newWindows("Pooling", append([]int{1}, in...), l.PoolH, l.PoolW, l.Stride, l.Pad)
	return []int{in[0], w.outH, w.outW}
}

// Forward takes x (N, C, H, W) and returns (N, C, OH, OW).
func (l *Pooling[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	shapes.Check("Pooling.Forward", shapes.Of("Pooling.Forward", "x", x), []int{-1, -1, -1, -1}, "images have the axes (N, C, H, W)")
	n, out := x.Dim(0), l.OutputShape(x.Shape()[1:])

	col := Im2col(x, l.PoolH, l.PoolW, l.Stride, l.Pad) // (N*OH*OW, C*PH*PW)
	col = col.Reshape(-1, l.PoolH*l.PoolW)              // (N*OH*OW*C, PH*PW)
	l.inShape, l.outShape = x.Shape(), append([]int{n}, out...)
	l.argMax = col.ArgMax(1)
	return pick(col, l.argMax).Reshape(n, out[1], out[2], out[0]).Transpose(0, 3, 1, 2)
}

// Backward takes dout (N, C, OH, OW) and returns the gradient of x (N, C, H, W): each
// value goes to the winner of its window.
func (l *Pooling[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	checkBackward("Pooling.Backward", dout, l.outShape)

	d := dout.Transpose(0, 2, 3, 1).Data() // one value for each window
	dcol := ndarray.Zeros[T](len(d), l.PoolH*l.PoolW)
	for i, v := range d {
		dcol.Data()[i*l.PoolH*l.PoolW+l.argMax[i]] = v
	}
	dcol = dcol.Reshape(-1, l.inShape[1]*l.PoolH*l.PoolW) // (N*OH*OW, C*PH*PW)
	return Col2im(dcol, l.inShape, l.PoolH, l.PoolW, l.Stride, l.Pad)
}

// Share returns a Pooling with the same windows.
func (l *Pooling[T]) Share() Layer[T] { return NewPooling[T](l.PoolH, l.PoolW, l.Stride, l.Pad) }

// String describes the layer's settings in one line.
func (l *Pooling[T]) String() string {
	return fmt.Sprintf("%dx%d, stride %d, pad %d", l.PoolH, l.PoolW, l.Stride, l.Pad)
}

// pick returns, for each row of a, the element in the given column.
func pick[T ndarray.Float](a *ndarray.Array[T], column []int) *ndarray.Array[T] {
	out := ndarray.Zeros[T](len(column))
	for i, c := range column {
		out.Data()[i] = a.Data()[i*a.Dim(1)+c]
	}
	return out
}

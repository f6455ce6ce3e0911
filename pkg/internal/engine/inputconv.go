package engine

import (
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// inputConv is a Convolution of what the network is given. Nobody asks for the gradient
// of that, which is half of the way back.
type inputConv[T ndarray.Float] struct {
	*layers.Convolution[T]
	col *ndarray.Array[T] // (N*OH*OW, C*FH*FW)
}

func (l *inputConv[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	w := l.W.Shape()
	out := l.OutputShape(x.Shape()[1:])
	l.col = layers.Im2col(x, w[2], w[3], l.Stride, l.Pad)
	y := l.col.DotT(l.W.Reshape(w[0], -1)).Add(l.B)
	return y.Reshape(x.Dim(0), out[1], out[2], out[0]).Transpose(0, 3, 1, 2)
}

// Backward sets the gradients of the parameters and returns nil.
func (l *inputConv[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	d := dout.Transpose(0, 2, 3, 1).Reshape(-1, l.W.Dim(0)) // (N*OH*OW, FN)
	l.DB = d.Sum(0)
	l.DW = d.TDot(l.col).Reshape(l.W.Shape()...)
	return nil
}

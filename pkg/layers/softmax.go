package layers

import (
	"math"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Softmax turns each row of scores x (N, classes) into probabilities:
// exp(x - max) divided by its sum over the row. Of no rows it returns none. It panics
// with a *ndarray.ShapeError unless x has two axes. (common.functions.softmax)
func Softmax[T ndarray.Float](x *ndarray.Array[T]) *ndarray.Array[T] {
	shapes.Check("Softmax", shapes.Of("Softmax", "x", x), []int{-1, -1}, "scores have the axes (N, classes)")
	y := ndarray.Zeros[T](x.Shape()...)
	if x.Size() == 0 {
		return y
	}
	highest := x.Max(1)
	for n := range x.Dim(0) {
		row, out := x.Index(n).Data(), y.Index(n).Data()
		var sum T
		for i, v := range row {
			out[i] = T(math.Exp(float64(v - highest.At(n))))
			sum += out[i]
		}
		for i := range out {
			out[i] /= sum
		}
	}
	return y
}

// CrossEntropy returns the mean over the batch of -log(y + 1e-7) at the right
// class, for probabilities y (N, classes) and labels t. It panics unless there is a label
// for each row, each one of the classes, and at least one row.
// (common.functions.cross_entropy_error)
func CrossEntropy[T ndarray.Float](y *ndarray.Array[T], t []int) T {
	shapes.CheckLabels("CrossEntropy", shapes.Of("CrossEntropy", "y", y), t)
	var sum T
	for n, label := range t {
		sum += T(math.Log(float64(y.At(n, label) + 1e-7)))
	}
	return -sum / T(len(t))
}

// SoftmaxWithLoss is the last layer: softmax and cross entropy together.
// (common.layers.SoftmaxWithLoss; book, section 5.6.3)
type SoftmaxWithLoss[T ndarray.Float] struct {
	Y *ndarray.Array[T] // probabilities (N, classes) of the last Forward

	t []int
}

// NewSoftmaxWithLoss returns the layer.
func NewSoftmaxWithLoss[T ndarray.Float]() *SoftmaxWithLoss[T] { return &SoftmaxWithLoss[T]{} }

// Forward returns the loss of scores x (N, classes) for the labels t, each
// between 0 and classes-1. It panics as CrossEntropy does.
func (l *SoftmaxWithLoss[T]) Forward(x *ndarray.Array[T], t []int) T {
	shapes.CheckLabels("SoftmaxWithLoss.Forward", shapes.Of("SoftmaxWithLoss.Forward", "x", x), t)
	l.Y, l.t = Softmax(x), t
	return CrossEntropy(l.Y, t)
}

// ForwardOneHot is Forward for one-hot labels t (N, classes). As in the class,
// the label of a row is the place of its largest entry.
func (l *SoftmaxWithLoss[T]) ForwardOneHot(x, t *ndarray.Array[T]) T {
	const op = "SoftmaxWithLoss.ForwardOneHot"
	shapes.Check(op, shapes.Of(op, "t", t), shapes.Of(op, "x", x), "one-hot labels have the shape of the scores")
	return l.Forward(x, t.ArgMax(1))
}

// Backward returns the gradient of the loss with respect to the scores, (N, classes):
// (y - t)/N.
func (l *SoftmaxWithLoss[T]) Backward() *ndarray.Array[T] {
	if l.Y == nil {
		panic("SoftmaxWithLoss.Backward" + noForward)
	}
	dx := l.Y.Clone()
	for n, label := range l.t {
		dx.Set(dx.At(n, label)-1, n, label)
	}
	return dx.Map(func(v T) T { return v / T(len(l.t)) })
}

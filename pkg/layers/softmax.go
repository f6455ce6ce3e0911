package layers

import (
	"fmt"
	"math"
	"slices"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Softmax turns each row of scores x (N, classes) into probabilities:
// exp(x - max) divided by its sum over the row. (common.functions.softmax)
func Softmax[T ndarray.Float](x *ndarray.Array[T]) *ndarray.Array[T] {
	shapes.Check("Softmax", x.Shape(), []int{-1, -1}, "scores have the axes (N, classes)")
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
// class, for probabilities y (N, classes) and labels t.
// (common.functions.cross_entropy_error)
func CrossEntropy[T ndarray.Float](y *ndarray.Array[T], t []int) T {
	CheckLabels("CrossEntropy", y.Shape(), t)
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
// between 0 and classes-1.
func (l *SoftmaxWithLoss[T]) Forward(x *ndarray.Array[T], t []int) T {
	CheckLabels("SoftmaxWithLoss", x.Shape(), t)
	l.Y, l.t = Softmax(x), t
	return CrossEntropy(l.Y, t)
}

// ForwardOneHot is Forward for one-hot labels t (N, classes). As in the class,
// the label of a row is the place of its largest entry.
func (l *SoftmaxWithLoss[T]) ForwardOneHot(x, t *ndarray.Array[T]) T {
	shapes.Check("SoftmaxWithLoss", t.Shape(), x.Shape(), "one-hot labels have the shape of the scores")
	return l.Forward(x, t.ArgMax(1))
}

// Backward returns the gradient of the loss with respect to the scores:
// (y - t)/N.
func (l *SoftmaxWithLoss[T]) Backward() *ndarray.Array[T] {
	dx := l.Y.Clone()
	for n, label := range l.t {
		dx.Set(dx.At(n, label)-1, n, label)
	}
	return dx.Map(func(v T) T { return v / T(len(l.t)) })
}

// CheckLabels panics unless there is one label for each row of scores (N,
// classes), each one of the classes.
func CheckLabels(op string, scores []int, t []int) {
	if len(scores) != 2 || scores[0] != len(t) {
		panic(&ndarray.ShapeError{Op: op, Got: slices.Clone(scores), Want: []int{len(t), -1},
			Hint: fmt.Sprintf("there are %d labels, one for each row of scores", len(t))})
	}
	if len(t) == 0 {
		panic(op + ": an empty batch has no loss, want at least one sample")
	}
	for n, label := range t {
		if label < 0 || label >= scores[1] {
			panic(fmt.Sprintf("%s: label %d of sample %d is not one of the %d classes (0 to %d)", op, label, n, scores[1], scores[1]-1))
		}
	}
}

package layers

import (
	"fmt"
	"math"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// BatchNormalization brings each value to mean 0 and variance 1 over the batch,
// then scales it by Gamma and shifts it by Beta:
//
//	xn = (x - mean) / sqrt(variance + 10e-7)
//	y  = Gamma*xn + Beta
//
// The length of Gamma says over what. With one Gamma for each value of a sample,
// C*H*W for images, every position has a mean of its own, taken over the N
// samples, as in the class. With one for each channel, C, a channel's mean is
// taken over its N*H*W values, as is usual elsewhere.
//
// Training normalises with the mean and the variance (divided by the count, not
// by the count - 1) of its batch and lets RunningMean and RunningVar follow
// them; evaluation normalises with RunningMean and RunningVar.
// (common.layers.BatchNormalization; book, section 6.3)
type BatchNormalization[T ndarray.Float] struct {
	Gamma, Beta *ndarray.Array[T] // (D,), D as described above
	Momentum    float64           // how much of the running values each batch keeps

	RunningMean, RunningVar *ndarray.Array[T] // (D,), zero at first

	DGamma, DBeta *ndarray.Array[T] // gradients, filled by Backward

	inShape []int
	xc, xn  *ndarray.Array[T] // (N, D, S): x less its mean, and that divided by std
	std     *ndarray.Array[T] // (1, D, 1)
}

// VarianceFloor is added to a variance before its root divides, which it keeps from
// zero. The class writes it so.
const VarianceFloor = 10e-7

// NewBatchNormalization returns a layer with the given factors and shifts, both
// (D,), and the class's momentum of 0.9. It panics when one is nil or their shapes differ.
func NewBatchNormalization[T ndarray.Float](gamma, beta *ndarray.Array[T]) *BatchNormalization[T] {
	shapes.Check("NewBatchNormalization gamma", shapes.Of("NewBatchNormalization", "gamma", gamma), []int{-1}, "one for each value of a sample, or for each channel")
	shapes.Check("NewBatchNormalization beta", shapes.Of("NewBatchNormalization", "beta", beta), gamma.Shape(), "one for each gamma")
	d := gamma.Size()
	return &BatchNormalization[T]{Gamma: gamma, Beta: beta, Momentum: 0.9,
		RunningMean: ndarray.Zeros[T](d), RunningVar: ndarray.Zeros[T](d)}
}

// Name returns "BatchNormalization".
func (l *BatchNormalization[T]) Name() string { return "BatchNormalization" }

// OutputShape returns the shape of a sample, which stays as it is. It panics with a
// *ndarray.ShapeError when Gamma fits neither its values nor its channels.
func (l *BatchNormalization[T]) OutputShape(in []int) []int {
	size, d := shapes.Size(in), l.Gamma.Size()
	if size != d && (len(in) == 0 || in[0] != d) {
		panic(&ndarray.ShapeError{Op: "BatchNormalization", Got: in, Want: []int{d},
			Hint: fmt.Sprintf("gamma has %d elements, neither one for each value of a sample nor for each channel", d)})
	}
	return in
}

// Forward takes x (N, …), of at least one sample, and returns an array of its shape. In
// training it changes RunningMean and RunningVar.
func (l *BatchNormalization[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	shape := shapes.Of("BatchNormalization.Forward", "x", x)
	if len(shape) == 0 || x.Size() == 0 {
		panic(&ndarray.ShapeError{Op: "BatchNormalization.Forward", Got: shape, Want: []int{-1, l.Gamma.Size()},
			Hint: "the first axis is the batch, of one sample or more"})
	}
	l.OutputShape(shape[1:])
	l.inShape = shape
	x = l.grouped(x)
	mean, variance := l.RunningMean, l.RunningVar
	if train {
		mean = x.Mean(0, 2)
	}
	xc := x.Sub(column(mean))
	if train {
		variance = xc.Mul(xc).Mean(0, 2)
		l.follow(l.RunningMean, mean)
		l.follow(l.RunningVar, variance)
	}
	std := column(variance).Map(func(v T) T { return T(math.Sqrt(float64(v + VarianceFloor))) })
	xn := xc.Div(std)
	l.xc, l.xn, l.std = nil, nil, nil
	if train {
		l.xc, l.xn, l.std = xc, xn, std
	}
	return xn.Mul(column(l.Gamma)).Add(column(l.Beta)).Reshape(l.inShape...)
}

// Backward takes dout of the shape of the output, sets DGamma and DBeta (D,), and returns
// the gradient of x. It follows the steps of Forward in reverse: y from xn, xn from xc and
// std, std from the variance of xc, xc from x and its mean. It panics when the last
// Forward was not in training.
func (l *BatchNormalization[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	if l.inShape != nil && l.xn == nil {
		panic("BatchNormalization.Backward: the last Forward was not in training, so there is no gradient")
	}
	checkBackward("BatchNormalization.Backward", dout, l.inShape)
	dout = l.grouped(dout)
	count := T(dout.Size() / l.Gamma.Size())

	l.DBeta = dout.Sum(0, 2)
	l.DGamma = l.xn.Mul(dout).Sum(0, 2)
	dxn := dout.Mul(column(l.Gamma))
	dstd := dxn.Mul(l.xc).Div(l.std.Mul(l.std)).Sum(0, 2).Scale(-1)
	dvariance := column(dstd).Scale(0.5).Div(l.std)
	dxc := dxn.Div(l.std).Add(l.xc.Scale(2 / count).Mul(dvariance))
	dmean := column(dxc.Sum(0, 2))
	return dxc.Sub(dmean.Scale(1 / count)).Reshape(l.inShape...)
}

// grouped views (N, …) as (N, D, S), where the values along N and S share a
// mean: S is 1 for the class's variant and H*W with one mean for each channel.
func (l *BatchNormalization[T]) grouped(x *ndarray.Array[T]) *ndarray.Array[T] {
	return x.Reshape(x.Dim(0), l.Gamma.Size(), -1)
}

// column makes (D,) fit beside (N, D, S).
func column[T ndarray.Float](a *ndarray.Array[T]) *ndarray.Array[T] { return a.Reshape(1, -1, 1) }

// follow moves a running value towards that of the batch.
func (l *BatchNormalization[T]) follow(running, batch *ndarray.Array[T]) {
	for i, v := range batch.Data() {
		running.Data()[i] = T(l.Momentum)*running.Data()[i] + T(1-l.Momentum)*v
	}
}

// Parameters returns gamma and beta with their gradients.
func (l *BatchNormalization[T]) Parameters() []Parameter[T] {
	return []Parameter[T]{{"gamma", l.Gamma, l.DGamma}, {"beta", l.Beta, l.DBeta}}
}

// Statistics returns the running mean and variance.
func (l *BatchNormalization[T]) Statistics() []Statistic[T] {
	return []Statistic[T]{{"running_mean", l.RunningMean}, {"running_var", l.RunningVar}}
}

// String describes the layer's settings in one line.
func (l *BatchNormalization[T]) String() string {
	return fmt.Sprintf("%d means, momentum %v", l.Gamma.Size(), l.Momentum)
}

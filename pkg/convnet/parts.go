package convnet

import (
	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// The functions that return Parts are not inlined: a cell would compile what is in them,
// for both types of number.

// Conv is a convolution with square filters of the given size.
//
//go:noinline
func Conv(filters, size, stride, pad int) Part {
	return both(conv[float32](filters, size, stride, pad), conv[float64](filters, size, stride, pad))
}

func conv[T ndarray.Float](filters, size, stride, pad int) func([]int, Drawer[T]) layers.Layer[T] {
	return func(shape []int, draw Drawer[T]) layers.Layer[T] {
		shapes.Check("Conv", shape, []int{-1, -1, -1}, "a convolution takes samples (C, H, W)")
		w := draw.Weights(shape[0]*size*size, filters, shape[0], size, size)
		return layers.NewConvolution(w, ndarray.Zeros[T](filters), stride, pad)
	}
}

// Pool is max pooling over square windows of the given size.
//
//go:noinline
func Pool(size, stride int) Part {
	return both(pool[float32](size, stride), pool[float64](size, stride))
}

func pool[T ndarray.Float](size, stride int) func([]int, Drawer[T]) layers.Layer[T] {
	return func([]int, Drawer[T]) layers.Layer[T] { return layers.NewPooling[T](size, size, stride, 0) }
}

// Affine is a fully connected layer with the given number of neurons.
//
//go:noinline
func Affine(units int) Part { return both(affine[float32](units), affine[float64](units)) }

func affine[T ndarray.Float](units int) func([]int, Drawer[T]) layers.Layer[T] {
	return func(shape []int, draw Drawer[T]) layers.Layer[T] {
		in := size(shape)
		return layers.NewAffine(draw.Weights(in, in, units), ndarray.Zeros[T](units))
	}
}

// Relu is the activation max(x, 0).
//
//go:noinline
func Relu() Part { return both(relu[float32], relu[float64]) }

func relu[T ndarray.Float]([]int, Drawer[T]) layers.Layer[T] { return layers.NewRelu[T]() }

// Sigmoid is the activation 1/(1 + exp(-x)).
//
//go:noinline
func Sigmoid() Part { return both(sigmoid[float32], sigmoid[float64]) }

func sigmoid[T ndarray.Float]([]int, Drawer[T]) layers.Layer[T] { return layers.NewSigmoid[T]() }

// Dropout drops values with the given probability in training.
//
//go:noinline
func Dropout(ratio float64) Part { return both(dropout[float32](ratio), dropout[float64](ratio)) }

func dropout[T ndarray.Float](ratio float64) func([]int, Drawer[T]) layers.Layer[T] {
	return func(_ []int, draw Drawer[T]) layers.Layer[T] { return layers.NewDropout[T](draw.Source, ratio) }
}

// BatchNorm is batch normalisation with a mean for each position of a sample,
// as in the class. Gamma starts at one and beta at zero.
//
//go:noinline
func BatchNorm() Part { return both(batchNorm[float32], batchNorm[float64]) }

func batchNorm[T ndarray.Float](shape []int, _ Drawer[T]) layers.Layer[T] {
	return newBatchNorm[T](size(shape))
}

// BatchNormPerChannel is batch normalisation with a mean for each channel.
//
//go:noinline
func BatchNormPerChannel() Part {
	return both(batchNormPerChannel[float32], batchNormPerChannel[float64])
}

func batchNormPerChannel[T ndarray.Float](shape []int, draw Drawer[T]) layers.Layer[T] {
	if len(shape) == 0 {
		return batchNorm(shape, draw)
	}
	return newBatchNorm[T](shape[0])
}

func newBatchNorm[T ndarray.Float](means int) layers.Layer[T] {
	return layers.NewBatchNormalization(ndarray.Full[T](1, means), ndarray.Zeros[T](means))
}

package convnet

import (
	"math"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// InitialScale gives the standard deviation of a layer's initial weights from
// the number of inputs of each of its outputs.
type InitialScale func(fanIn int) float64

// Std is the same standard deviation for every layer (weight_init_std).
func Std(std float64) InitialScale { return func(int) float64 { return std } }

// He suits Relu: sqrt(2/fanIn). (book, section 6.2.3)
func He(fanIn int) float64 { return math.Sqrt(2 / float64(fanIn)) }

// Xavier suits Sigmoid: sqrt(1/fanIn). (book, section 6.2.2)
func Xavier(fanIn int) float64 { return math.Sqrt(1 / float64(fanIn)) }

// Part is one layer to be made by Build, which works out its shapes.
type Part struct {
	kind                       string
	filters, size, stride, pad int
	units                      int
	ratio                      float64
	perChannel                 bool
}

// Conv is a convolution with square filters of the given size.
func Conv(filters, size, stride, pad int) Part {
	return Part{kind: "Convolution", filters: filters, size: size, stride: stride, pad: pad}
}

// Pool is max pooling over square windows of the given size.
func Pool(size, stride int) Part { return Part{kind: "Pooling", size: size, stride: stride} }

// Affine is a fully connected layer with the given number of neurons.
func Affine(units int) Part { return Part{kind: "Affine", units: units} }

// Relu is the activation max(x, 0).
func Relu() Part { return Part{kind: "Relu"} }

// Sigmoid is the activation 1/(1 + exp(-x)).
func Sigmoid() Part { return Part{kind: "Sigmoid"} }

// Dropout drops values with the given probability in training.
func Dropout(ratio float64) Part { return Part{kind: "Dropout", ratio: ratio} }

// BatchNorm is batch normalisation with a mean for each position of a sample,
// as in the class. Gamma starts at one and beta at zero.
func BatchNorm() Part { return Part{kind: "BatchNormalization"} }

// BatchNormPerChannel is batch normalisation with a mean for each channel.
func BatchNormPerChannel() Part { return Part{kind: "BatchNormalization", perChannel: true} }

// Build makes a network for samples of the given shape (C, H, W). Weights are
// drawn from rng in the order of the layers, by randn, times scale; biases are
// zero. Dropout draws from rng too. It panics as NewSequential does.
func Build[T ndarray.Float](rng ndarray.Source, input []int, scale InitialScale, parts ...Part) *Sequential[T] {
	weights := func(fanIn int, shape ...int) *ndarray.Array[T] {
		std := scale(fanIn)
		w := ndarray.Zeros[T](shape...)
		for i := range w.Data() {
			w.Data()[i] = T(std * rng.Randn())
		}
		return w
	}
	shape := input
	made := make([]layers.Layer[T], 0, len(parts))
	for _, p := range parts {
		var l layers.Layer[T]
		switch p.kind {
		case "Convolution":
			ndarray.CheckShape("Conv", shape, []int{-1, -1, -1}, "a convolution takes samples (C, H, W)")
			c := shape[0]
			l = layers.NewConvolution(weights(c*p.size*p.size, p.filters, c, p.size, p.size),
				ndarray.Zeros[T](p.filters), p.stride, p.pad)
		case "Pooling":
			l = layers.NewPooling[T](p.size, p.size, p.stride, 0)
		case "Affine":
			in := size(shape)
			l = layers.NewAffine(weights(in, in, p.units), ndarray.Zeros[T](p.units))
		case "Relu":
			l = layers.NewRelu[T]()
		case "Sigmoid":
			l = layers.NewSigmoid[T]()
		case "Dropout":
			l = layers.NewDropout[T](rng, p.ratio)
		case "BatchNormalization":
			means := size(shape)
			if p.perChannel && len(shape) > 0 {
				means = shape[0]
			}
			l = layers.NewBatchNormalization(ndarray.Full[T](1, means), ndarray.Zeros[T](means))
		}
		shape = l.OutputShape(shape)
		made = append(made, l)
	}
	return NewSequential(input, made...)
}

// size returns how many values a sample of the given shape has.
func size(shape []int) int {
	n := 1
	for _, length := range shape {
		n *= length
	}
	return n
}

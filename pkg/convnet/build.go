package convnet

import (
	"math"

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

// Build makes a network for samples of the given shape (C, H, W). Weights are
// drawn from rng in the order of the layers, by randn, times scale; biases are
// zero. Dropout draws from rng too. It panics as NewSequential does.
func Build[T ndarray.Float](rng ndarray.Source, input []int, scale InitialScale, parts ...Part) *Sequential[T] {
	return bodies[T]().build(rng, input, scale, parts)
}

func build[T ndarray.Float](rng ndarray.Source, input []int, scale InitialScale, parts []Part) *Sequential[T] {
	return sequential(input, chain(parts, input, Drawer[T]{Source: rng, Scale: scale}))
}

// size returns how many values a sample of the given shape has.
func size(shape []int) int {
	n := 1
	for _, length := range shape {
		n *= length
	}
	return n
}

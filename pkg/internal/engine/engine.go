package engine

import (
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Engine computes what a chain of layers with softmax and cross entropy at its
// end computes. It serves one goroutine at a time.
type Engine[T ndarray.Float] interface {
	// Predict returns the scores (N, classes) of a batch in evaluation.
	Predict(x *ndarray.Array[T]) *ndarray.Array[T]

	// Loss returns the loss of a batch in training mode.
	Loss(x *ndarray.Array[T], t []int) T

	// LossGradient returns the loss of a batch in training mode and the
	// gradients of the parameters in the order of the layers. The arrays are
	// valid until the next call.
	LossGradient(x *ndarray.Array[T], t []int) (T, []*ndarray.Array[T])

	// Steps says how the layers run, in their order.
	Steps() []Step

	// Divides says whether Predict divides a batch into parts. Where it does not, its
	// memory grows with the batch.
	Divides() bool
}

// New returns the engine for layers that take samples of the shape input.
func New[T ndarray.Float](input []int, ls []layers.Layer[T]) Engine[T] { return newPlan(input, ls) }

func size(shape []int) int {
	n := 1
	for _, s := range shape {
		n *= s
	}
	return n
}

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
}

// New returns the fastest engine for layers that take samples of the shape
// input, or nil when there is none: a layer needs the batch as a whole or is not
// of pkg/layers.
func New[T ndarray.Float](input []int, ls []layers.Layer[T]) Engine[T] {
	if ls, ok := any(ls).([]layers.Layer[float32]); ok {
		if e := newFused(input, ls); e != nil {
			return any(e).(Engine[T])
		}
	}
	if e := newSharded(input, ls); e != nil {
		return e
	}
	return nil
}

func size(shape []int) int {
	n := 1
	for _, s := range shape {
		n *= s
	}
	return n
}

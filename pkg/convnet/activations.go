package convnet

import (
	"slices"

	"convbook/pkg/ndarray"
)

// Activation is what a layer gives for a batch.
type Activation[T ndarray.Float] struct {
	Layer  string // Conv1, Relu1, …
	Output *ndarray.Array[T]
}

// Activations runs a batch x (N, …) through the layers in evaluation and returns
// what each of them gives. The arrays are the caller's own.
func (s *Sequential[T]) Activations(x *ndarray.Array[T]) []Activation[T] {
	activations := make([]Activation[T], len(s.layers))
	for i, l := range s.layers {
		x = l.Forward(x, false).Clone()
		activations[i] = Activation[T]{s.names[i], x}
	}
	return activations
}

// Flow is the gradient of the loss with respect to what a layer gives.
type Flow[T ndarray.Float] struct {
	Layer string
	DOut  *ndarray.Array[T]
}

// GradientFlow runs a batch with labels t forward and backward, in training mode,
// and returns the gradient that arrives at each layer, from the first to the last:
// where it shrinks from layer to layer on its way back, the first ones hardly learn.
func (s *Sequential[T]) GradientFlow(x *ndarray.Array[T], t []int) []Flow[T] {
	for _, l := range s.layers {
		x = l.Forward(x, true)
	}
	s.last.Forward(x, t)
	flows := make([]Flow[T], len(s.layers))
	dout := s.last.Backward()
	for i, l := range slices.Backward(s.layers) {
		flows[i] = Flow[T]{s.names[i], dout.Clone()}
		dout = l.Backward(dout)
	}
	return flows
}

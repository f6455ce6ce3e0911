package convnet

import (
	"slices"

	"convbook/pkg/internal/shapes"
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
	return s.methods.activations(x)
}

func (n *network[T]) activations(x *ndarray.Array[T]) []Activation[T] {
	n.checkBatch("Activations", x)
	activations := make([]Activation[T], len(n.layers))
	for i, l := range n.layers {
		x = l.Forward(x, false).Clone()
		activations[i] = Activation[T]{n.names[i], x}
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
	return s.methods.gradientFlow(x, t)
}

func (n *network[T]) gradientFlow(x *ndarray.Array[T], t []int) []Flow[T] {
	n.checkBatch("GradientFlow", x)
	shapes.CheckLabels("GradientFlow", []int{x.Dim(0), n.classes}, t)
	for _, l := range n.layers {
		x = l.Forward(x, true)
	}
	n.last.Forward(x, t)
	flows := make([]Flow[T], len(n.layers))
	dout := n.last.Backward()
	for i, l := range slices.Backward(n.layers) {
		flows[i] = Flow[T]{n.names[i], dout.Clone()}
		dout = l.Backward(dout)
	}
	return flows
}

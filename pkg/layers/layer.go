package layers

import "convbook/pkg/ndarray"

// Layer is one step of a network.
type Layer[T ndarray.Float] interface {
	// Name is the layer's kind: "Convolution", "Relu", ….
	Name() string

	// OutputShape returns the shape of one sample after the layer, given the
	// shape of one sample before it (both without the batch axis). It panics
	// with a *ndarray.ShapeError when the layer cannot take such samples.
	OutputShape(in []int) []int

	// Forward takes a batch of shape (N, …). train tells training from
	// evaluation, which differ for Dropout and BatchNormalization.
	Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T]

	// Backward takes the gradient of the loss with respect to the output of the
	// last Forward, and returns the one with respect to its input.
	Backward(dout *ndarray.Array[T]) *ndarray.Array[T]
}

// Parameter is one learned array of a layer with its gradient, which Backward
// fills. Kind is "W", "b", "gamma" or "beta".
type Parameter[T ndarray.Float] struct {
	Kind  string
	Value *ndarray.Array[T]
	Grad  *ndarray.Array[T]
}

// Learner is a layer with parameters. Parameters returns the same Value arrays
// at every call; the Grad arrays are those of the last Backward.
type Learner[T ndarray.Float] interface {
	Layer[T]
	Parameters() []Parameter[T]
}

// Statistic is an array that a layer gathers in training and needs in
// evaluation, but does not learn by gradients. Kind is "running_mean" or
// "running_var".
type Statistic[T ndarray.Float] struct {
	Kind  string
	Value *ndarray.Array[T]
}

// Gatherer is a layer with statistics. Statistics returns the same Value arrays
// at every call.
type Gatherer[T ndarray.Float] interface {
	Layer[T]
	Statistics() []Statistic[T]
}

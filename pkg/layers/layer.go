package layers

import "convbook/pkg/ndarray"

// Layer is one step of a network. Every network of pkg/convnet takes any Layer; a
// layer of one's own needs these four methods and no more. What else a layer may offer,
// and what a network makes of it, is said at Learner, Gatherer, Sharer, Random,
// Elementwise and Block; Plan of a network tells what it found.
type Layer[T ndarray.Float] interface {
	// Name is the layer's kind: "Convolution", "Relu", …. It is for people: nothing
	// depends on it but the names in tables.
	Name() string

	// OutputShape returns the shape of one sample after the layer, given the
	// shape of one sample before it (both without the batch axis). It panics
	// with a *ndarray.ShapeError when the layer cannot take such samples.
	OutputShape(in []int) []int

	// Forward takes a batch of shape (N, …) and leaves it as it is. train tells
	// training from evaluation, which differ for Dropout and BatchNormalization.
	Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T]

	// Backward takes the gradient of the loss with respect to the output of the
	// last Forward, and returns the one with respect to its input.
	Backward(dout *ndarray.Array[T]) *ndarray.Array[T]
}

// Parameter is one learned array of a layer with its gradient, which Backward
// fills. Kind is "W", "b", "gamma" or "beta", or a name of one's own: a network
// numbers the parameters of each kind.
type Parameter[T ndarray.Float] struct {
	Kind  string
	Value *ndarray.Array[T]
	Grad  *ndarray.Array[T]
}

// Learner is a layer with parameters. Parameters returns the same Value arrays
// at every call; the Grad arrays are those of the last Backward. A layer without this
// method learns nothing.
type Learner[T ndarray.Float] interface {
	Layer[T]
	Parameters() []Parameter[T]
}

// Statistic is an array that a layer gathers in training and needs in
// evaluation, but does not learn by gradients. Kind is "running_mean",
// "running_var" or a name of one's own.
type Statistic[T ndarray.Float] struct {
	Kind  string
	Value *ndarray.Array[T]
}

// Gatherer is a layer with statistics, which are saved with the parameters.
// Statistics returns the same Value arrays at every call. Such a layer sees each batch
// as a whole.
type Gatherer[T ndarray.Float] interface {
	Layer[T]
	Statistics() []Statistic[T]
}

// Sharer is a layer that treats every sample by itself, so that the samples of a batch
// can be divided among processors. A layer without this method sees each batch as a
// whole, on one processor.
type Sharer[T ndarray.Float] interface {
	Layer[T]

	// Share returns another layer of the same type with the same parameter arrays.
	// They have nothing else in common: both can run at the same time.
	Share() Layer[T]
}

// Random is a layer that draws random numbers in training but treats every sample by
// itself. The numbers of a batch are drawn before it is divided, in the order in which
// Forward would draw them. A layer that has Source alone is restored when a training
// goes on, but sees each batch as a whole.
type Random[T ndarray.Float] interface {
	Layer[T]

	// Source returns what the layer draws from.
	Source() ndarray.Source

	// Draws returns how often Forward calls Rand in training for one sample of shape in.
	Draws(in []int) int

	// ShareFrom is Share of a Sharer; the layer that it returns draws from src.
	ShareFrom(src ndarray.Source) Layer[T]
}

// Elementwise is a layer without parameters each of whose outputs depends on the one
// input at its place. The plan of a network runs it on the values where they are.
// Value and Slope are called by several processors at once. A network tries them against
// Forward and Backward first, and does not use them where they differ.
type Elementwise[T ndarray.Float] interface {
	Layer[T]

	// Value returns the output y for the input x.
	Value(x T) T

	// Slope returns dy/dx at the input x, whose output is y.
	Slope(x, y T) T
}

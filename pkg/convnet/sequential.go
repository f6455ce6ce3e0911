package convnet

import (
	"convbook/pkg/internal/ahead"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Sequential is a network whose layers follow each other and end in softmax
// with cross entropy. A Sequential serves one goroutine at a time.
//
// What takes a batch panics with a *ndarray.ShapeError when its samples have another shape
// than InputShape, and when it is nil; what takes labels panics unless there is one for
// each sample, each from 0 to Classes()-1.
type Sequential[T ndarray.Float] struct {
	classes int
	params  map[string]*ndarray.Array[T]
	methods methods[T]
}

// NewSequential joins layers for samples of the given shape, (1, 28, 28) for
// the images of the class. It panics with a *ndarray.ShapeError when a layer
// cannot take what the one before it gives, or when the last one does not give
// one score for each class.
//
// Parameters are counted by kind: W1 and b1 belong to the first Convolution or
// Affine, gamma1 and beta1 to the first BatchNormalization, as in the class.
func NewSequential[T ndarray.Float](input []int, ls ...layers.Layer[T]) *Sequential[T] {
	return bodies[T]().sequential(input, ls)
}

// InputShape returns the shape of one sample.
func (s *Sequential[T]) InputShape() []int { return s.methods.inputShape() }

// Classes returns the number of scores for each sample.
func (s *Sequential[T]) Classes() int { return s.classes }

// Layer returns the layer with the given name (Conv1, Relu1, Pool1, Affine1,
// …), or nil.
func (s *Sequential[T]) Layer(name string) layers.Layer[T] { return s.methods.layer(name) }

// LayerNames returns the names of the layers in order.
func (s *Sequential[T]) LayerNames() []string { return s.methods.layerNames() }

// Params returns the parameters by name, without those that are frozen. The arrays are the network's own:
// an optimizer changes them in place.
func (s *Sequential[T]) Params() map[string]*ndarray.Array[T] { return s.params }

// ParamNames returns the names of what Params returns, in the order of the layers.
func (s *Sequential[T]) ParamNames() []string { return s.methods.namesOfParams() }

// State returns all that makes up the network: its parameters, frozen or not, and, where it has
// BatchNormalization, the running_mean and running_var of each. It is what to
// save; SetParams takes it back.
func (s *Sequential[T]) State() map[string]*ndarray.Array[T] { return s.methods.state() }

// Forward returns the scores (N, classes) of a batch x (N, …), layer by layer.
func (s *Sequential[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	return s.methods.forward(x, train)
}

// Predict returns the scores (N, classes) of a batch x (N, …) in evaluation. N may be
// any number, 0 among them.
func (s *Sequential[T]) Predict(x *ndarray.Array[T]) *ndarray.Array[T] { return s.methods.predict(x) }

// Loss returns the cross entropy of a batch x with labels t. As in the class
// it runs in training mode, so dropout draws. It panics when the batch is empty.
func (s *Sequential[T]) Loss(x *ndarray.Array[T], t []int) T { return s.methods.loss(x, t) }

// Classify returns the class with the highest score for each sample of x.
func (s *Sequential[T]) Classify(x *ndarray.Array[T]) []int { return s.methods.classify(x) }

// Accuracy returns the share of samples of x whose highest score is at their
// label in t. Unlike the class's it counts a last batch of any size. Of no samples it is
// NaN.
func (s *Sequential[T]) Accuracy(x *ndarray.Array[T], t []int) float64 {
	return s.methods.accuracy(x, t)
}

// Gradient returns the gradient of the loss with respect to each parameter, by
// backpropagation. The arrays are valid until the next call. It panics when the batch is
// empty.
func (s *Sequential[T]) Gradient(x *ndarray.Array[T], t []int) map[string]*ndarray.Array[T] {
	return s.methods.gradient(x, t)
}

// LossGradient returns the loss of a batch, in training mode, and its gradient, with the
// panics of Gradient.
func (s *Sequential[T]) LossGradient(x *ndarray.Array[T], t []int) (T, map[string]*ndarray.Array[T]) {
	return s.methods.lossGradient(x, t)
}

// Beside lets the next call of LossGradient, Gradient or Loss make the batch after its own
// ready, where processors have nothing else to do: a Trainer draws ahead with it. No result
// depends on it.
func (s *Sequential[T]) Beside(next *ahead.Batch) { s.methods.beside(next) }

// NumericalGradient returns what Gradient returns, by central differences: two
// losses for every single parameter, so for small networks only. Dropout makes
// it meaningless, for each loss draws anew.
func (s *Sequential[T]) NumericalGradient(x *ndarray.Array[T], t []int) map[string]*ndarray.Array[T] {
	return s.methods.numericalGradient(x, t)
}

// SetParams copies the values of params into the network. Names and shapes must
// be the network's own: otherwise the error lists every difference and nothing
// is changed. The running values of State are copied where params has them and
// stay as they are where it has not, as in files of the class.
func (s *Sequential[T]) SetParams(params map[string]*ndarray.Array[T]) error {
	return s.methods.setParams(params)
}

// Digest returns 16 hexadecimal digits that depend on every bit of every
// array of State: equal digests mean equal networks.
func (s *Sequential[T]) Digest() string { return s.methods.digest() }

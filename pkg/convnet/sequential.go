package convnet

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"

	"convbook/pkg/internal/engine"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Sequential is a network whose layers follow each other and end in softmax
// with cross entropy. A Sequential serves one goroutine at a time.
type Sequential[T ndarray.Float] struct {
	input   []int // shape of one sample
	classes int
	layers  []layers.Layer[T]
	names   []string // Conv1, Relu1, …, one for each layer
	last    *layers.SoftmaxWithLoss[T]

	paramNames []string // W1, b1, W2, …
	params     map[string]*ndarray.Array[T]
	grads      map[string]*ndarray.Array[T]

	statNames []string // running_mean1, running_var1, …
	stats     map[string]*ndarray.Array[T]

	engine engine.Engine[T] // nil only in tests: then the layers run one by one
}

// NewSequential joins layers for samples of the given shape, (1, 28, 28) for
// the images of the class. It panics with a *ndarray.ShapeError when a layer
// cannot take what the one before it gives, or when the last one does not give
// one score for each class.
//
// Parameters are counted by kind: W1 and b1 belong to the first Convolution or
// Affine, gamma1 and beta1 to the first BatchNormalization, as in the class.
func NewSequential[T ndarray.Float](input []int, ls ...layers.Layer[T]) *Sequential[T] {
	s := &Sequential[T]{input: slices.Clone(input), layers: ls, last: layers.NewSoftmaxWithLoss[T](),
		params: map[string]*ndarray.Array[T]{}, grads: map[string]*ndarray.Array[T]{}, stats: map[string]*ndarray.Array[T]{}}
	count := map[string]int{}
	number := func(kind string) string {
		count[kind]++
		return fmt.Sprint(kind, count[kind])
	}
	shape := s.input
	for i, l := range ls {
		checkLayer(i, ls)
		s.names = append(s.names, number(shortName(l.Name())))
		shape = l.OutputShape(shape)
		if l, ok := l.(layers.Learner[T]); ok {
			for _, p := range l.Parameters() {
				checkArray(l.Name(), "parameter", p.Kind, p.Value)
				name := number(p.Kind)
				s.paramNames = append(s.paramNames, name)
				s.params[name] = p.Value
			}
		}
		if l, ok := l.(layers.Gatherer[T]); ok {
			for _, p := range l.Statistics() {
				checkArray(l.Name(), "statistic", p.Kind, p.Value)
				name := number(p.Kind)
				s.statNames = append(s.statNames, name)
				s.stats[name] = p.Value
			}
		}
	}
	ndarray.CheckShape("NewSequential", shape, []int{-1}, "the last layer must give one score for each class")
	s.classes = shape[0]
	s.engine = engine.New(s.input, ls)
	return s
}

// checkLayer panics unless layer i is there and is not used before.
func checkLayer[T ndarray.Float](i int, ls []layers.Layer[T]) {
	if ls[i] == nil {
		panic(fmt.Sprintf("NewSequential: layer %d is nil, want a layer", i+1))
	}
	for j, l := range ls[:i] {
		if engine.SameLayer(l, ls[i]) {
			panic(fmt.Sprintf("NewSequential: layers %d and %d are one and the same %s; make a new layer for each place, for a layer keeps what its Backward needs",
				j+1, i+1, l.Name()))
		}
	}
}

func checkArray[T ndarray.Float](layer, what, kind string, a *ndarray.Array[T]) {
	if kind == "" || a == nil {
		panic(fmt.Sprintf(`NewSequential: a %s of %s has Kind %q and Value %v; it needs a name such as "W" and an array`, what, layer, kind, a))
	}
}

// shortName is the class's name of a kind of layer.
func shortName(kind string) string {
	switch kind {
	case "Convolution":
		return "Conv"
	case "Pooling":
		return "Pool"
	case "BatchNormalization":
		return "BatchNorm"
	}
	return kind
}

// InputShape returns the shape of one sample.
func (s *Sequential[T]) InputShape() []int { return slices.Clone(s.input) }

// Classes returns the number of scores for each sample.
func (s *Sequential[T]) Classes() int { return s.classes }

// Layer returns the layer with the given name (Conv1, Relu1, Pool1, Affine1,
// …), or nil.
func (s *Sequential[T]) Layer(name string) layers.Layer[T] {
	if i := slices.Index(s.names, name); i >= 0 {
		return s.layers[i]
	}
	return nil
}

// LayerNames returns the names of the layers in order.
func (s *Sequential[T]) LayerNames() []string { return slices.Clone(s.names) }

// Params returns the parameters by name. The arrays are the network's own:
// an optimizer changes them in place.
func (s *Sequential[T]) Params() map[string]*ndarray.Array[T] { return s.params }

// ParamNames returns the names of the parameters in the order of the layers.
func (s *Sequential[T]) ParamNames() []string { return slices.Clone(s.paramNames) }

// State returns all that makes up the network: its parameters and, where it has
// BatchNormalization, the running_mean and running_var of each. It is what to
// save; SetParams takes it back.
func (s *Sequential[T]) State() map[string]*ndarray.Array[T] {
	state := maps.Clone(s.params)
	maps.Copy(state, s.stats)
	return state
}

// Forward returns the scores (N, classes) of a batch x (N, …), layer by layer.
func (s *Sequential[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	s.checkBatch("Forward", x)
	for _, l := range s.layers {
		x = l.Forward(x, train)
	}
	return x
}

// Predict returns the scores (N, classes) of a batch x (N, …) in evaluation.
func (s *Sequential[T]) Predict(x *ndarray.Array[T]) *ndarray.Array[T] {
	s.checkBatch("Predict", x)
	if s.engine == nil {
		return s.Forward(x, false)
	}
	return s.engine.Predict(x)
}

// Loss returns the cross entropy of a batch x with labels t. As in the class
// it runs in training mode, so dropout draws.
func (s *Sequential[T]) Loss(x *ndarray.Array[T], t []int) T {
	s.checkBatch("Loss", x)
	layers.CheckLabels("Loss", []int{x.Dim(0), s.classes}, t)
	if s.engine == nil {
		return s.last.Forward(s.Forward(x, true), t)
	}
	return s.engine.Loss(x, t)
}

// evaluationBatch bounds the memory of Classify and Accuracy where a layer sees all
// samples at once; otherwise the engine bounds it.
const evaluationBatch = 100

// Classify returns the class with the highest score for each sample of x.
func (s *Sequential[T]) Classify(x *ndarray.Array[T]) []int {
	s.checkBatch("Classify", x)
	if s.engine != nil && s.engine.Divides() {
		return s.Predict(x).ArgMax(1)
	}
	classes := make([]int, 0, x.Dim(0))
	for lo := 0; lo < x.Dim(0); lo += evaluationBatch {
		batch := x.Slice(lo, min(lo+evaluationBatch, x.Dim(0)))
		classes = append(classes, s.Predict(batch).ArgMax(1)...)
	}
	return classes
}

// Accuracy returns the share of samples of x whose highest score is at their
// label in t. Unlike the class's it counts a last batch of any size.
func (s *Sequential[T]) Accuracy(x *ndarray.Array[T], t []int) float64 {
	ndarray.CheckShape("Accuracy", []int{len(t)}, []int{x.Dim(0)}, "one label for each sample")
	right := 0
	for i, class := range s.Classify(x) {
		if class == t[i] {
			right++
		}
	}
	return float64(right) / float64(len(t))
}

// Gradient returns the gradient of the loss with respect to each parameter, by
// backpropagation. The arrays are valid until the next call.
func (s *Sequential[T]) Gradient(x *ndarray.Array[T], t []int) map[string]*ndarray.Array[T] {
	_, grads := s.LossGradient(x, t)
	return grads
}

// LossGradient returns the loss of a batch, in training mode, and its gradient.
func (s *Sequential[T]) LossGradient(x *ndarray.Array[T], t []int) (T, map[string]*ndarray.Array[T]) {
	s.checkBatch("Gradient", x)
	layers.CheckLabels("Gradient", []int{x.Dim(0), s.classes}, t)
	if s.engine == nil {
		return s.lossGradientByLayers(x, t)
	}
	loss, grads := s.engine.LossGradient(x, t)
	for i, name := range s.paramNames {
		s.grads[name] = grads[i]
	}
	return loss, s.grads
}

// lossGradientByLayers is LossGradient as the class computes it.
func (s *Sequential[T]) lossGradientByLayers(x *ndarray.Array[T], t []int) (T, map[string]*ndarray.Array[T]) {
	loss := s.last.Forward(s.Forward(x, true), t)
	dout := s.last.Backward()
	for _, l := range slices.Backward(s.layers) {
		dout = l.Backward(dout)
	}
	i := 0
	for _, l := range s.layers {
		if l, ok := l.(layers.Learner[T]); ok {
			for _, p := range engine.Gradients(l) {
				s.grads[s.paramNames[i]] = p.Grad
				i++
			}
		}
	}
	return loss, s.grads
}

// NumericalGradient returns what Gradient returns, by central differences: two
// losses for every single parameter, so for small networks only. Dropout makes
// it meaningless, for each loss draws anew.
func (s *Sequential[T]) NumericalGradient(x *ndarray.Array[T], t []int) map[string]*ndarray.Array[T] {
	for _, stat := range s.stats {
		defer stat.Copy(stat.Clone())
	}
	grads := map[string]*ndarray.Array[T]{}
	for name, p := range s.params {
		grads[name] = layers.NumericalGradient(func() T { return s.Loss(x, t) }, p)
	}
	return grads
}

// SetParams copies the values of params into the network. Names and shapes must
// be the network's own: otherwise the error lists every difference and nothing
// is changed. The running values of State are copied where params has them and
// stay as they are where it has not, as in files of the class.
func (s *Sequential[T]) SetParams(params map[string]*ndarray.Array[T]) error {
	if err := s.compareParams(params); err != nil {
		return err
	}
	for name, p := range s.State() {
		if params[name] != nil {
			p.Copy(params[name])
		}
	}
	return nil
}

// Digest returns 16 hexadecimal digits that depend on every bit of every
// array of State: equal digests mean equal networks.
func (s *Sequential[T]) Digest() string {
	sum := sha256.New()
	var word [8]byte
	state := s.State()
	for _, name := range slices.Concat(s.paramNames, s.statNames) {
		fmt.Fprintln(sum, name, state[name].Shape())
		for _, v := range state[name].Data() {
			binary.LittleEndian.PutUint64(word[:], math.Float64bits(float64(v)))
			sum.Write(word[:])
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func (s *Sequential[T]) checkBatch(op string, x *ndarray.Array[T]) {
	if shape := x.Shape(); len(shape) != len(s.input)+1 || !slices.Equal(shape[1:], s.input) {
		panic(&ndarray.ShapeError{Op: op, Got: slices.Clone(shape), Want: append([]int{-1}, s.input...),
			Hint: "a batch is (N, …) with samples of the network's input shape"})
	}
}

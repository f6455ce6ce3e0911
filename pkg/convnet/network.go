package convnet

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"

	"convbook/pkg/internal/ahead"
	"convbook/pkg/internal/engine"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// network is what stands behind a Sequential.
type network[T ndarray.Float] struct {
	input   []int // shape of one sample
	classes int
	layers  []layers.Layer[T]
	names   []string // Conv1, Relu1, …, one for each layer
	last    *layers.SoftmaxWithLoss[T]

	paramNames []string // W1, b1, W2, …
	owners     []string // of each, the layer
	all        map[string]*ndarray.Array[T]
	params     map[string]*ndarray.Array[T] // those that are not frozen
	grads      map[string]*ndarray.Array[T]

	statNames []string // running_mean1, running_var1, …
	stats     map[string]*ndarray.Array[T]

	engine *engine.Plan[T] // nil only in tests: then the layers run one by one
}

func newNetwork[T ndarray.Float](input []int, ls []layers.Layer[T]) *network[T] {
	n := &network[T]{input: slices.Clone(input), layers: ls, last: layers.NewSoftmaxWithLoss[T](),
		all: map[string]*ndarray.Array[T]{}, params: map[string]*ndarray.Array[T]{}, grads: map[string]*ndarray.Array[T]{}, stats: map[string]*ndarray.Array[T]{}}
	count := map[string]int{}
	number := func(kind string) string {
		count[kind]++
		return fmt.Sprint(kind, count[kind])
	}
	shape := n.input
	for i, l := range ls {
		checkLayer(i, ls)
		n.names = append(n.names, number(shortName(l.Name())))
		shape = l.OutputShape(shape)
		if l, ok := l.(layers.Learner[T]); ok {
			for _, p := range l.Parameters() {
				checkArray(l.Name(), "parameter", p.Kind, p.Value)
				name := number(p.Kind)
				n.paramNames, n.owners = append(n.paramNames, name), append(n.owners, n.names[i])
				n.params[name], n.all[name] = p.Value, p.Value
			}
		}
		if l, ok := l.(layers.Gatherer[T]); ok {
			for _, p := range l.Statistics() {
				checkArray(l.Name(), "statistic", p.Kind, p.Value)
				name := number(p.Kind)
				n.statNames = append(n.statNames, name)
				n.stats[name] = p.Value
			}
		}
	}
	shapes.Check("NewSequential", shape, []int{-1}, "the last layer must give one score for each class")
	n.classes = shape[0]
	n.engine = engine.New(n.input, ls)
	return n
}

// sequential returns the public face of n.
func (n *network[T]) sequential() *Sequential[T] {
	return &Sequential[T]{classes: n.classes, params: n.params, methods: n.methods()}
}

func sequential[T ndarray.Float](input []int, ls []layers.Layer[T]) *Sequential[T] {
	return newNetwork(input, ls).sequential()
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

func (n *network[T]) inputShape() []int { return slices.Clone(n.input) }

func (n *network[T]) layer(name string) layers.Layer[T] {
	if i := slices.Index(n.names, name); i >= 0 {
		return n.layers[i]
	}
	return nil
}

func (n *network[T]) layerNames() []string { return slices.Clone(n.names) }

func (n *network[T]) namesOfParams() []string {
	return slices.DeleteFunc(slices.Clone(n.paramNames), n.isFrozen)
}

func (n *network[T]) state() map[string]*ndarray.Array[T] {
	state := maps.Clone(n.all)
	maps.Copy(state, n.stats)
	return state
}

func (n *network[T]) forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	n.checkBatch("Forward", x)
	for _, l := range n.layers {
		x = l.Forward(x, train)
	}
	return x
}

func (n *network[T]) predict(x *ndarray.Array[T]) *ndarray.Array[T] {
	n.checkBatch("Predict", x)
	if n.engine == nil {
		return n.forward(x, false)
	}
	return n.engine.Predict(x)
}

func (n *network[T]) loss(x *ndarray.Array[T], t []int) T {
	n.checkBatch("Loss", x)
	shapes.CheckLabels("Loss", []int{x.Dim(0), n.classes}, t)
	if n.engine == nil {
		return n.last.Forward(n.forward(x, true), t)
	}
	return n.engine.Loss(x, t)
}

// evaluationBatch bounds the memory of Classify and Accuracy where a layer sees all
// samples at once; otherwise the engine bounds it.
const evaluationBatch = 100

func (n *network[T]) classify(x *ndarray.Array[T]) []int {
	n.checkBatch("Classify", x)
	if n.engine != nil && n.engine.Divides() {
		return n.predict(x).ArgMax(1)
	}
	classes := make([]int, 0, x.Dim(0))
	for lo := 0; lo < x.Dim(0); lo += evaluationBatch {
		batch := x.Slice(lo, min(lo+evaluationBatch, x.Dim(0)))
		classes = append(classes, n.predict(batch).ArgMax(1)...)
	}
	return classes
}

func (n *network[T]) accuracy(x *ndarray.Array[T], t []int) float64 {
	n.checkBatch("Accuracy", x)
	shapes.Check("Accuracy labels", []int{len(t)}, []int{x.Dim(0)}, "one label for each sample")
	right := 0
	for i, class := range n.classify(x) {
		if class == t[i] {
			right++
		}
	}
	return float64(right) / float64(len(t))
}

func (n *network[T]) gradient(x *ndarray.Array[T], t []int) map[string]*ndarray.Array[T] {
	_, grads := n.lossGradient(x, t)
	return grads
}

func (n *network[T]) lossGradient(x *ndarray.Array[T], t []int) (T, map[string]*ndarray.Array[T]) {
	n.checkBatch("Gradient", x)
	shapes.CheckLabels("Gradient", []int{x.Dim(0), n.classes}, t)
	if n.engine == nil {
		return n.lossGradientByLayers(x, t)
	}
	loss, grads := n.engine.LossGradient(x, t)
	for i, name := range n.paramNames {
		if !n.isFrozen(name) {
			n.grads[name] = grads[i]
		}
	}
	return loss, n.grads
}

func (n *network[T]) beside(next *ahead.Batch) {
	if n.engine != nil {
		n.engine.Beside(next)
	}
}

// lossGradientByLayers is LossGradient as the class computes it.
func (n *network[T]) lossGradientByLayers(x *ndarray.Array[T], t []int) (T, map[string]*ndarray.Array[T]) {
	loss := n.last.Forward(n.forward(x, true), t)
	dout := n.last.Backward()
	for _, l := range slices.Backward(n.layers) {
		dout = l.Backward(dout)
	}
	i := 0
	for _, l := range n.layers {
		if l, ok := l.(layers.Learner[T]); ok {
			for _, p := range engine.Gradients(l) {
				if name := n.paramNames[i]; !n.isFrozen(name) {
					n.grads[name] = p.Grad
				}
				i++
			}
		}
	}
	return loss, n.grads
}

func (n *network[T]) numericalGradient(x *ndarray.Array[T], t []int) map[string]*ndarray.Array[T] {
	for _, stat := range n.stats {
		defer stat.Copy(stat.Clone())
	}
	grads := map[string]*ndarray.Array[T]{}
	for name, p := range n.params {
		grads[name] = layers.NumericalGradient(func() T { return n.loss(x, t) }, p)
	}
	return grads
}

func (n *network[T]) setParams(params map[string]*ndarray.Array[T]) error {
	if err := n.compareParams(params); err != nil {
		return err
	}
	for name, p := range n.state() {
		if params[name] != nil {
			p.Copy(params[name])
		}
	}
	return nil
}

func (n *network[T]) digest() string {
	sum := sha256.New()
	var word [8]byte
	state := n.state()
	for _, name := range slices.Concat(n.paramNames, n.statNames) {
		fmt.Fprintln(sum, name, state[name].Shape())
		for _, v := range state[name].Data() {
			binary.LittleEndian.PutUint64(word[:], math.Float64bits(float64(v)))
			sum.Write(word[:])
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func (n *network[T]) checkBatch(op string, x *ndarray.Array[T]) {
	if shape := shapes.Of(op, "x", x); len(shape) != len(n.input)+1 || !slices.Equal(shape[1:], n.input) {
		panic(&ndarray.ShapeError{Op: op, Got: slices.Clone(shape), Want: append([]int{-1}, n.input...),
			Hint: "a batch is (N, …) with samples of the network's input shape"})
	}
}

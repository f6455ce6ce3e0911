// Package flat lays out a network as single layers, those of Residual and Branches too, for who draws them: pkg/explore
// in a notebook and pkg/playground in a page.
package flat

import (
	"fmt"
	"math"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Layer is a layer, or the place where a block ends. What the Kind does not have is zero.
type Layer[T ndarray.Float] struct {
	Name, Kind  string // conv, pool, average, affine, relu, sigmoid, scale; sum and join where a block ends
	From        []int  // which layers it reads, -1 for the image
	Tall, Broad int    // of the window
	Stride, Pad int
	Units       int             // filters or neurons
	Is          layers.Layer[T] // nil where a block ends
}

// Of lays out a network's layers in their order. It panics for more than most of them; op says where. A layer that cannot be drawn has
// no Kind.
func Of[T ndarray.Float](names []string, layer func(string) layers.Layer[T], most int, op string) []Layer[T] {
	w := walk[T]{most: most, op: op}
	last := -1
	for _, name := range names {
		last = w.add(name, layer(name), last)
	}
	return w.all
}

type walk[T ndarray.Float] struct {
	all  []Layer[T]
	most int
	op   string
}

// add adds a layer that reads another, and returns its number. A block becomes its layers, and
// where they meet.
func (w *walk[T]) add(name string, l layers.Layer[T], from int) int {
	switch l := l.(type) {
	case *layers.Residual[T]:
		return w.put(Layer[T]{Name: name, Kind: "sum", From: []int{w.chain(name, l.Layers, from), w.chain(name+" shortcut", l.Shortcut, from)}})
	case *layers.Branches[T]:
		ends := make([]int, len(l.Of))
		for i, chain := range l.Of {
			ends[i] = w.chain(fmt.Sprintf("%s branch %d", name, i), chain, from)
		}
		return w.put(Layer[T]{Name: name, Kind: "join", From: ends})
	}
	flat := described(l)
	flat.Name, flat.Is, flat.From = name, l, []int{from}
	return w.put(flat)
}

// chain adds layers that follow each other and returns the number of the last; from where there is none.
func (w *walk[T]) chain(name string, chain layers.Chain[T], from int) int {
	count := map[string]int{}
	for _, l := range chain {
		count[l.Name()]++
		from = w.add(fmt.Sprintf("%s %s%d", name, l.Name(), count[l.Name()]), l, from)
	}
	return from
}

func (w *walk[T]) put(l Layer[T]) int {
	if len(w.all) == w.most {
		panic(fmt.Sprintf("%s: the network has more than %d layers; show a part of it", w.op, w.most))
	}
	w.all = append(w.all, l)
	return len(w.all) - 1
}

func described[T ndarray.Float](l layers.Layer[T]) Layer[T] {
	switch l := l.(type) {
	case *layers.Convolution[T]:
		return Layer[T]{Kind: "conv", Tall: l.W.Dim(2), Broad: l.W.Dim(3), Stride: l.Stride, Pad: l.Pad, Units: l.W.Dim(0)}
	case *layers.Pooling[T]:
		return Layer[T]{Kind: "pool", Tall: l.PoolH, Broad: l.PoolW, Stride: l.Stride, Pad: l.Pad}
	case *layers.AveragePooling[T]:
		return Layer[T]{Kind: "average", Tall: l.PoolH, Broad: l.PoolW, Stride: l.Stride, Pad: l.Pad}
	case *layers.Affine[T]:
		return Layer[T]{Kind: "affine", Units: l.W.Dim(1)}
	case *layers.Relu[T]:
		return Layer[T]{Kind: "relu"}
	case *layers.Sigmoid[T]:
		return Layer[T]{Kind: "sigmoid"}
	case *layers.Dropout[T], *layers.BatchNormalization[T]:
		return Layer[T]{Kind: "scale"}
	}
	return Layer[T]{}
}

// Scale returns what a layer of the kind "scale" multiplies with in evaluation, and then adds: one number, one for each
// channel, or one for each value.
func (l *Layer[T]) Scale() (scale, shift []float64) {
	switch l := l.Is.(type) {
	case *layers.Dropout[T]:
		return []float64{1 - l.Ratio}, []float64{0}
	case *layers.BatchNormalization[T]:
		scale, shift = make([]float64, l.Gamma.Size()), make([]float64, l.Gamma.Size())
		for i := range scale {
			scale[i] = float64(l.Gamma.Data()[i]) / math.Sqrt(float64(l.RunningVar.Data()[i])+layers.VarianceFloor)
			shift[i] = float64(l.Beta.Data()[i]) - scale[i]*float64(l.RunningMean.Data()[i])
		}
	}
	return scale, shift
}

package explore

import (
	"fmt"
	"math"
	"slices"

	"convbook/pkg/explore/js"
	"convbook/pkg/figure"
	"convbook/pkg/internal/compiled"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Net is a network that Network shows, as all of pkg/convnet are.
type Net[T ndarray.Float] interface {
	InputShape() []int
	LayerNames() []string
	Layer(name string) layers.Layer[T]
}

// mostImages is how many images a figure carries.
const mostImages = 40

// Network shows a trained network at work on some images, of shape (N, C, H, W): all maps of all layers. Point at a value and see
// the window that it came from, with weights, products, sum and bias, what Relu made of it, and which pixel won a pooling; the
// scores of the classes are bars. Filters can be hidden, the saliency of a class shown (the gradient of its score with respect to
// the pixels), and, where images have one channel, one can be drawn, which is centred and scaled as MNIST's are. The figure computes all of
// it from the network's weights, which it carries rounded (see Bytes).
//
// Its still figure has the maps of the first layers for the first image. It panics for images that are not the network's, for more than 40 of
// them, for weights that are not finite, for layers of one's own, which it cannot draw, and for networks of more than 150 layers, or of
// weights that do not fit into the bytes of the figure even when they are rounded to 16 steps. The layers of Residual and Branches have
// maps of their own, and a value tells what it is the sum of, or from which branch it came.
func Network[T ndarray.Float](net Net[T], images *ndarray.Array[T], opts ...Option) *Figure {
	return bodies[T]().network(net.InputShape(), net.LayerNames(), net.Layer, images, optionsOf(opts))
}

// table holds what is compiled here and not in each cell.
type table[T ndarray.Float] struct {
	network func(input []int, names []string, layer func(string) layers.Layer[T], images *ndarray.Array[T], o options) *Figure
}

var (
	table32 = compiled.Hidden(&table[float32]{network: network[float32]})
	table64 = compiled.Hidden(&table[float64]{network: network[float64]})
)

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&table32, &table64) }

func network[T ndarray.Float](input []int, names []string, layer func(string) layers.Layer[T], images *ndarray.Array[T], o options) *Figure {
	if len(input) != 3 {
		panic(&ndarray.ShapeError{Op: "explore.Network", Got: input, Want: []int{-1, -1, -1}, Hint: "it draws networks for images, whose samples are (C, H, W)"})
	}
	shapes.Check("explore.Network images", shapes.Of("explore.Network", "images", images), append([]int{-1}, input...), "images (N, C, H, W) of the network's input shape")
	if images.Dim(0) < 1 || images.Dim(0) > mostImages {
		panic(fmt.Sprintf("explore.Network: %d images, want 1 to %d: each is in the notebook", images.Dim(0), mostImages))
	}
	var d described[T]
	last := -1
	for _, name := range names {
		last = d.add(name, layer(name), last)
	}
	all, w := d.all, &d.weights
	var head object
	head.numbers("shape", input)
	head.number("images", images.Dim(0))
	head.raw("layers", list(all))
	head.raw("classes", o.classNames())
	still := stillMaps(names, layer, images, o)
	svg, _ := still.SVG() // an error is shown where the still figure is
	narrow, _ := still.Narrow().SVG()
	pixels, around := singles(images.Data()), (len(svg)+len(narrow))*4/3+2000
	with := func(arrays []string, bytes []byte) (f *Figure, over int) {
		head := head
		head.raw("arrays", list(arrays))
		f = figureOf("network", js.Network(), still, head, pixels, bytes)
		return f, len(f.Around("")) + around - o.bytes
	}
	_, over := with(nil, nil)
	for room := -over * 3 / 4; ; room -= over*3/4 + 100 { // the sizes of weights are estimates
		bytes, arrays, size := w.packed(max(room, 0))
		if size > room {
			panic(fmt.Sprintf("explore.Network: the weights take %d bytes even when they are rounded to 16 steps, and %d of the figure's %d are for them; give explore.Bytes(%d) or show a smaller network",
				size, max(room, 0), o.bytes, o.bytes+(size-room)*4/3+10000))
		}
		var f *Figure
		if f, over = with(arrays, bytes); over <= 0 {
			return f
		}
	}
}

// checkFinite panics for weights that are no numbers: nothing in the figure would be one.
func checkFinite(name string, arrays [][]float64) {
	for _, v := range slices.Concat(arrays...) {
		if !(math.Abs(v) <= math.MaxFloat32) {
			panic(fmt.Sprintf("explore.Network: a weight of %s is %v: the training has diverged; train anew with a smaller learning rate", name, v))
		}
	}
}

// described are the layers of a network for the script, those of blocks one by one.
type described[T ndarray.Float] struct {
	all     []string
	weights weights
}

// mostLayers is how many layers a figure draws.
const mostLayers = 150

// add adds a layer that reads another, -1 for the image, and returns its number. A block becomes its layers, and
// where they meet.
func (d *described[T]) add(name string, l layers.Layer[T], from int) int {
	switch l := l.(type) {
	case *layers.Residual[T]:
		return d.meet(name, "sum", d.chain(name, l.Layers, from), d.chain(name+" shortcut", l.Shortcut, from))
	case *layers.Branches[T]:
		ends := make([]int, len(l.Of))
		for i, chain := range l.Of {
			ends[i] = d.chain(fmt.Sprintf("%s branch %d", name, i), chain, from)
		}
		return d.meet(name, "join", ends...)
	}
	known := len(d.weights.arrays)
	o := describe(name, l, &d.weights)
	checkFinite(name, d.weights.arrays[known:])
	return d.put(name, o, from)
}

// chain adds layers that follow each other and returns the number of the last; from where there is none.
func (d *described[T]) chain(name string, chain layers.Chain[T], from int) int {
	count := map[string]int{}
	for _, l := range chain {
		count[l.Name()]++
		from = d.add(fmt.Sprintf("%s %s%d", name, l.Name(), count[l.Name()]), l, from)
	}
	return from
}

// meet adds the end of a block.
func (d *described[T]) meet(name, kind string, ends ...int) int {
	var o object
	o.text("kind", kind)
	return d.put(name, o, ends...)
}

func (d *described[T]) put(name string, o object, from ...int) int {
	if len(d.all) == mostLayers {
		panic(fmt.Sprintf("explore.Network: the network has more than %d layers; show a part of it", mostLayers))
	}
	o.text("name", name)
	o.numbers("from", from)
	d.all = append(d.all, "{"+o.fields+"}")
	return len(d.all) - 1
}

// describe says what a layer is, for the script, and adds its parameters to w.
func describe[T ndarray.Float](name string, l layers.Layer[T], w *weights) (o object) {
	window := func(kind string, tall, broad, stride, pad int) {
		o.text("kind", kind)
		o.numbers("window", []int{tall, broad})
		o.number("stride", stride)
		o.number("pad", pad)
	}
	switch l := l.(type) {
	case *layers.Convolution[T]:
		window("conv", l.W.Dim(2), l.W.Dim(3), l.Stride, l.Pad)
		o.number("filters", l.W.Dim(0))
		o.number("arrays", w.add(doubles(l.W.Data()), doubles(l.B.Data())))
	case *layers.Pooling[T]:
		window("pool", l.PoolH, l.PoolW, l.Stride, l.Pad)
	case *layers.AveragePooling[T]:
		window("average", l.PoolH, l.PoolW, l.Stride, l.Pad)
	case *layers.Affine[T]:
		o.text("kind", "affine")
		o.number("units", l.W.Dim(1))
		o.number("arrays", w.add(doubles(l.W.Data()), doubles(l.B.Data())))
	case *layers.Relu[T]:
		o.text("kind", "relu")
	case *layers.Sigmoid[T]:
		o.text("kind", "sigmoid")
	case *layers.Dropout[T]:
		o.text("kind", "scale") // in evaluation
		o.number("arrays", w.add([]float64{1 - l.Ratio}, []float64{0}))
	case *layers.BatchNormalization[T]:
		scale, shift := make([]float64, l.Gamma.Size()), make([]float64, l.Gamma.Size())
		for i := range scale {
			scale[i] = float64(l.Gamma.Data()[i]) / math.Sqrt(float64(l.RunningVar.Data()[i])+layers.VarianceFloor)
			shift[i] = float64(l.Beta.Data()[i]) - scale[i]*float64(l.RunningMean.Data()[i])
		}
		o.text("kind", "scale")
		o.number("arrays", w.add(scale, shift))
	default:
		panic(fmt.Sprintf("explore.Network: %s is a %s, which it cannot draw; it knows Convolution, Pooling, AveragePooling, Relu, Sigmoid, Affine, Dropout, BatchNormalization, Residual and Branches",
			name, l.Name()))
	}
	return o
}

// mostMaps is how many maps of a layer the still figure has.
const mostMaps = 16

// stillMaps draws the maps of the layers up to the first pooling, for the first image.
func stillMaps[T ndarray.Float](names []string, layer func(string) layers.Layer[T], images *ndarray.Array[T], o options) *figure.Figure {
	x := images.Slice(0, 1)
	shown := x.Reshape(x.Dim(1), x.Dim(2), x.Dim(3))
	for _, name := range names {
		x = layer(name).Forward(x, false)
		if x.NDim() != 4 {
			break
		}
		shown = x.Reshape(x.Dim(1), x.Dim(2), x.Dim(3))
		if _, pools := layer(name).(*layers.Pooling[T]); pools {
			break
		}
	}
	shown = shown.Slice(0, min(shown.Dim(0), mostMaps))
	return figure.ImageGrid(shown, 8, nil, o.still...)
}

func doubles[T ndarray.Float](values []T) []float64 {
	all := make([]float64, len(values))
	for i, v := range values {
		all[i] = float64(v)
	}
	return all
}

package explore

import (
	"fmt"
	"math"
	"slices"

	"convbook/pkg/explore/js"
	"convbook/pkg/figure"
	"convbook/pkg/internal/compiled"
	"convbook/pkg/internal/flat"
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
	var all []string
	w := &weights{}
	for _, l := range flat.Of(names, layer, mostLayers, "explore.Network") {
		all = append(all, describe(l, w))
	}
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

// mostLayers is how many layers a figure draws.
const mostLayers = 150

// describe says what a layer is, for the script, and adds its parameters to w.
func describe[T ndarray.Float](l flat.Layer[T], w *weights) string {
	var o object
	known := len(w.arrays)
	o.text("kind", l.Kind)
	if l.Tall > 0 {
		o.numbers("window", []int{l.Tall, l.Broad})
		o.number("stride", l.Stride)
		o.number("pad", l.Pad)
	}
	switch is := l.Is.(type) {
	case *layers.Convolution[T]:
		o.number("filters", l.Units)
		o.number("arrays", w.add(doubles(is.W.Data()), doubles(is.B.Data())))
	case *layers.Affine[T]:
		o.number("units", l.Units)
		o.number("arrays", w.add(doubles(is.W.Data()), doubles(is.B.Data())))
	}
	if l.Kind == "scale" {
		o.number("arrays", w.add(l.Scale()))
	}
	if l.Kind == "" {
		panic(fmt.Sprintf("explore.Network: %s is a %s, which it cannot draw; it knows Convolution, Pooling, AveragePooling, Relu, Sigmoid, Affine, Dropout, BatchNormalization, Residual and Branches",
			l.Name, l.Is.Name()))
	}
	checkFinite(l.Name, w.arrays[known:])
	o.text("name", l.Name)
	o.numbers("from", l.From)
	return "{" + o.fields + "}"
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

package gpu

import (
	"math"
	"os"
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/internal/device"
	"convbook/pkg/internal/opencl"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// opened returns the device of this machine, with guards around its buffers, or skips. It
// looks for no tiles, as on PoCL, and so leaves the user's cache alone.
func opened(t testing.TB) *Device {
	t.Helper()
	d, err := Open()
	if err != nil {
		said, _, _ := strings.Cut(err.Error(), "\n")
		t.Skip("no device to test on: " + said)
	}
	d.prepare = func(c *opencl.Context) { c.Guard(256) }
	d.SearchFor(0)
	t.Cleanup(d.Close)
	return d
}

// shape is a network to compare by: its input and its parts.
type shape struct {
	name  string
	input []int
	batch int
	parts []convnet.Part
}

// networks are networks with odd sizes. Between them they take every kernel, each with and
// without something behind it, as the first and as a later one.
func networks() []shape {
	all := allNetworks()
	if os.Getenv("CONVBOOK_LONG") == "" {
		return all[:1] // PoCL compiles each for seconds
	}
	return all
}

func allNetworks() []shape {
	conv, relu, pool, affine := convnet.Conv, convnet.Relu, convnet.Pool, convnet.Affine
	padded := convnet.NewPart(func([]int, convnet.Drawer[float32]) layers.Layer[float32] {
		return layers.NewPooling[float32](3, 2, 2, 1)
	})
	return []shape{
		{"all at once", []int{2, 11, 9}, 7, []convnet.Part{conv(5, 3, 1, 0), convnet.BatchNormPerChannel(), relu(), conv(3, 2, 1, 1), pool(2, 2), relu(), pool(2, 1),
			affine(6), convnet.Sigmoid(), convnet.Dropout(0.4), affine(4)}},
		{"Affine with a long side", []int{1, 40, 31}, 9, []convnet.Part{affine(33), relu(), convnet.Dropout(0.4), affine(10), convnet.Dropout(0.3)}},
		{"fused convolutions", []int{2, 11, 9}, 7, []convnet.Part{conv(5, 3, 1, 0), relu(), pool(2, 2), conv(3, 2, 1, 1), pool(2, 2), affine(4)}},
		{"general convolutions", []int{3, 10, 13}, 5, []convnet.Part{conv(17, 3, 2, 1), relu(), conv(4, 4, 3, 2), convnet.Sigmoid(), conv(6, 1, 1, 0), affine(3)}},
		{"convolution before a long Affine", []int{1, 20, 22}, 6, []convnet.Part{conv(19, 5, 1, 0), relu(), pool(2, 2), affine(21), relu(), affine(7)}},
		{"pooling", []int{2, 9, 8}, 6, []convnet.Part{pool(3, 2), conv(3, 2, 1, 1), pool(3, 1), pool(2, 3), affine(5)}},
		{"pooling with a pad", []int{2, 9, 8}, 6, []convnet.Part{conv(3, 3, 1, 1), padded, relu(), affine(5)}},
		{"batch normalisation", []int{2, 7, 6}, 8, []convnet.Part{convnet.BatchNorm(), conv(5, 3, 1, 1), convnet.BatchNormPerChannel(), relu(), pool(2, 2), affine(9),
			convnet.BatchNorm(), convnet.Sigmoid(), convnet.Dropout(0.2), affine(3)}},
		{"activations in odd places", []int{1, 5, 5}, 4, []convnet.Part{relu(), convnet.Dropout(0.5), convnet.Sigmoid(), affine(6), relu(), convnet.Sigmoid(), relu(), affine(3), relu()}},
	}
}

// double makes the layers of a network anew in float64, with the same numbers and a source
// of its own in the same state.
func double(t testing.TB, net *convnet.Sequential[float32], seed uint32) *convnet.Sequential[float64] {
	t.Helper()
	wide := func(a *ndarray.Array[float32]) *ndarray.Array[float64] { return ndarray.Convert[float64](a) }
	source := nprandom.New(seed)
	var made []layers.Layer[float64]
	for _, name := range net.LayerNames() {
		switch l := net.Layer(name).(type) {
		case *layers.Convolution[float32]:
			made = append(made, layers.NewConvolution(wide(l.W), wide(l.B), l.Stride, l.Pad))
		case *layers.Affine[float32]:
			made = append(made, layers.NewAffine(wide(l.W), wide(l.B)))
		case *layers.Pooling[float32]:
			made = append(made, layers.NewPooling[float64](l.PoolH, l.PoolW, l.Stride, l.Pad))
		case *layers.Relu[float32]:
			made = append(made, layers.NewRelu[float64]())
		case *layers.Sigmoid[float32]:
			made = append(made, layers.NewSigmoid[float64]())
		case *layers.Dropout[float32]:
			made = append(made, layers.NewDropout[float64](source, l.Ratio))
		case *layers.BatchNormalization[float32]:
			made = append(made, layers.NewBatchNormalization(wide(l.Gamma), wide(l.Beta)))
		default:
			t.Fatalf("a test with a %T", l)
		}
	}
	return convnet.NewSequential(net.InputShape(), made...)
}

// reseeded builds a network whose Dropout begins to draw at the given seed.
func reseeded(s shape, seed uint32) *convnet.Sequential[float32] {
	rng := nprandom.New(11)
	net := convnet.Build[float32](rng, s.input, convnet.He, s.parts...)
	if err := rng.SetState(nprandom.New(seed).State()); err != nil {
		panic(err)
	}
	// Biases and shifts other than zero, or their gradients would be tried at one place only.
	noise := nprandom.New(12)
	for _, name := range net.ParamNames() {
		for i := range net.Params()[name].Data() {
			net.Params()[name].Data()[i] += float32(0.1 * noise.Randn())
		}
	}
	return net
}

// work describes the training of a network.
func work(net *convnet.Sequential[float32], opt any, batch int, train *dataset.Set, sets ...*dataset.Set) device.Work {
	w := device.Work{Input: net.InputShape(), Names: net.LayerNames(), Optimizer: opt, Batch: batch, Train: train, Sets: sets}
	for _, name := range w.Names {
		w.Layers = append(w.Layers, net.Layer(name))
	}
	for _, name := range net.ParamNames() {
		w.Learn = append(w.Learn, device.Param{Name: name, Values: net.Params()[name].Data()})
	}
	return w
}

// TestKernels holds every kernel to the layers in float64: loss and gradients of a step,
// the parameters after it, and running values.
func TestKernels(t *testing.T) {
	d := opened(t)
	for _, s := range networks() {
		t.Run(s.name, func(t *testing.T) { asTheLayers(t, d, s) })
	}
}

// asTheLayers makes a step of a network on the device and by the layers.
func asTheLayers(t *testing.T, d *Device, s shape) {
	const seed = 5
	net := reseeded(s, seed)
	wide := double(t, net, seed)
	rng := nprandom.New(21)
	classes := net.Classes()
	train := drawn(t, rng, 50, classes)
	x := ndarray.Rand[float32](rng, append([]int{s.batch}, s.input...)...)
	indices, labels := make([]int, s.batch), make([]int, s.batch)
	rng.ChoiceInto(train.Len(), indices)
	for i, at := range indices {
		labels[i] = train.Label(at)
	}

	made, err := d.Plan(work(net, optimizer.NewSGD[float32](1), s.batch, train))
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	p := made.(*plan)
	before := values(net)
	if err := p.Step(indices, x.Data(), false); err != nil {
		t.Fatal(err)
	}
	loss, err := p.Loss()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Store(); err != nil {
		t.Fatal(err)
	}
	want := byLayers(wide, ndarray.Convert[float64](x), labels)
	if math.Abs(loss-want) > 1e-5*math.Max(1, want) {
		t.Errorf("the loss is %v, want %v", loss, want)
	}
	at := 0
	for _, name := range wide.LayerNames() {
		l, ok := wide.Layer(name).(layers.Learner[float64])
		if !ok {
			continue
		}
		for _, param := range l.Parameters() {
			own := net.ParamNames()[at]
			at++
			stepped := make([]float64, param.Grad.Size())
			for i := range stepped {
				stepped[i] = float64(before[own][i]) - float64(net.Params()[own].Data()[i])
			}
			near(t, "gradient of "+own, stepped, param.Grad.Data(), 2e-5)
		}
	}
	for name, a := range wide.State() {
		if wide.Params()[name] == nil {
			got := ndarray.Convert[float64](net.State()[name])
			near(t, name, got.Data(), a.Data(), 1e-5)
		}
	}
	broken, err := p.c.Guarded()
	if err != nil || len(broken) > 0 {
		t.Errorf("written beyond the end of %v: %v", broken, err)
	}
}

// byLayers is a step of the readable layers: it returns the loss and leaves the gradients
// in them.
func byLayers(net *convnet.Sequential[float64], x *ndarray.Array[float64], labels []int) float64 {
	last := layers.NewSoftmaxWithLoss[float64]()
	names := net.LayerNames()
	loss := last.Forward(net.Forward(x, true), labels)
	dout := last.Backward()
	for i := len(names) - 1; i >= 0; i-- {
		dout = net.Layer(names[i]).Backward(dout)
	}
	return loss
}

func values(net *convnet.Sequential[float32]) map[string][]float32 {
	all := map[string][]float32{}
	for name, a := range net.Params() {
		all[name] = append([]float32{}, a.Data()...)
	}
	return all
}

// near compares values with the largest of those wanted as the measure.
func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	scale := 5e-2 // what rounding leaves of a gradient that is zero, behind batch normalisation
	for _, v := range want {
		scale = math.Max(scale, math.Abs(v))
	}
	for i, v := range want {
		if !(math.Abs(got[i]-v) <= tolerance*scale) {
			t.Errorf("%s: number %d of %d is %v, want %v (the largest is %v)", what, i, len(want), got[i], v, scale)
			return
		}
	}
}

// drawn is a set of noise, of images of 8x8 unless a size is given.
func drawn(t testing.TB, rng *nprandom.RandomState, count, classes int) *dataset.Set {
	t.Helper()
	data := drawnData(t, rng, count, 10, 8, 8, classes)
	return data.Train
}

package convnet

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/workers"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// The engine agrees with the readable layers on random networks, in every variant
// of the kernels: loss, scores and every gradient, in units of rounding of float32
// relative to the largest of them.
func TestEngineAgreesWithTheLayers(t *testing.T) {
	networks := 16
	if testing.Short() {
		networks = 3
	}
	for _, v := range kernels.Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer kernels.Use(v)()
			r := rand.New(rand.NewPCG(7, 8))
			for i := range networks {
				input, parts := randomNetwork(r)
				name := fmt.Sprintf("network %d %v %+v", i, input, parts)
				n := 1 + r.IntN(40)
				compareEngine[float32](t, name, input, parts, n, 3e-5)
				compareEngine[float64](t, name, input, parts, n, 1e-13)
			}
		})
	}
}

// The same for 3x3 filters over many channels, as DeepConvNet has them: maps with
// even and odd sides, borders of one and two, pooled and not.
func TestEngineAgreesOnDeepNetworks(t *testing.T) {
	for _, v := range kernels.Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer kernels.Use(v)()
			for _, side := range []int{12, 13} {
				parts := []Part{Conv(5, 3, 1, 1), Relu(), Conv(17, 3, 1, 1), Relu(), Pool(2, 2),
					Conv(33, 3, 1, 2), Relu(), Pool(2, 2), Conv(16, 3, 1, 0), Relu(), Affine(20), Relu(), Affine(10)}
				for _, n := range []int{7, 1, 30} {
					compareEngine[float32](t, fmt.Sprintf("side %d", side), []int{1, side, side}, parts, n, 3e-5)
					if testing.Short() {
						break
					}
				}
			}
		})
	}
}

// The same for both variants of batch normalisation, with Relu and without, after
// Convolution, Affine and the images themselves, and for pooling on its own: windows
// that overlap, that leave a rest, and that are padded.
func TestEngineAgreesOnBatchNorm(t *testing.T) {
	networks := [][]Part{
		{Conv(5, 3, 1, 0), BatchNormPerChannel(), Relu(), Pool(2, 2), Conv(17, 3, 1, 1), BatchNorm(), Relu(), Affine(20), BatchNorm(), Sigmoid(), Affine(10)},
		{Conv(33, 3, 1, 1), BatchNorm(), Pool(3, 2), Conv(16, 2, 1, 0), BatchNormPerChannel(), Sigmoid(), Affine(7), BatchNorm(), Relu(), Affine(4)},
		{BatchNorm(), Pool(2, 2), Affine(20), Relu(), Affine(5)},
		{BatchNormPerChannel(), Relu(), Pool(2, 1), Affine(30), Sigmoid(), Dropout(0.3), BatchNorm(), Affine(3)},
		{Conv(18, 5, 2, 2), Relu(), BatchNorm(), Affine(6)},
	}
	for _, v := range kernels.Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer kernels.Use(v)()
			for i, parts := range networks {
				for _, n := range []int{33, 8, 150} {
					compareEngine[float32](t, fmt.Sprintf("network %d", i), []int{1, 11, 12}, parts, n, 2e-4)
					if testing.Short() {
						break
					}
				}
			}
		})
	}
}

// What the plan does not know is left to the layers.
func TestNetworksWithoutAPlan(t *testing.T) {
	for _, parts := range [][]Part{
		{BatchNorm(), Conv(20, 3, 1, 1), Relu(), Pool(2, 2), Affine(5)}, {Dropout(0.5), Conv(3, 3, 1, 0), Affine(5)}, {Relu(), Affine(5)},
	} {
		for channels := 1; channels <= 2; channels++ {
			rng := nprandom.New(3)
			net := Build[float32](rng, []int{channels, 6, 5}, He, parts...)
			exact := Build[float64](rng, []int{channels, 6, 5}, He, parts...)
			x := ndarray.Randn[float64](rng, 9, channels, 6, 5)
			if err := net.SetParams(converted(exact.State())); err != nil {
				t.Fatal(err)
			}
			net.LossGradient(ndarray.Convert[float32](x), make([]int, 9))
			got, want := ndarray.Convert[float64](net.Predict(ndarray.Convert[float32](x))), exact.Predict(x)
			if len(net.State()) == len(net.Params()) && slices.Max(want.Sub(got).Map(math.Abs).Data()) > 1e-4 {
				t.Errorf("%d channels, %+v: the scores are %v, want %v", channels, parts, got, want)
			}
		}
	}
}

func converted(arrays map[string]*ndarray.Array[float64]) map[string]*ndarray.Array[float32] {
	all := map[string]*ndarray.Array[float32]{}
	for name, a := range arrays {
		all[name] = ndarray.Convert[float32](a)
	}
	return all
}

// randomNetwork returns up to three convolutions with what may follow them, and
// one or two affine layers.
func randomNetwork(r *rand.Rand) (input []int, parts []Part) {
	input = []int{1 + r.IntN(3), 9 + r.IntN(14), 9 + r.IntN(14)}
	h, w := input[1], input[2]
	for i := range 1 + r.IntN(3) {
		size, stride := 1+r.IntN(5), 1
		if i == 0 {
			stride += r.IntN(2)
		}
		pad := r.IntN(size)
		oh, ow := (h+2*pad-size)/stride+1, (w+2*pad-size)/stride+1
		if h+2*pad < size || w+2*pad < size || oh < 4 || ow < 4 {
			break
		}
		parts = append(parts, Conv(1+r.IntN(40), size, stride, pad))
		h, w = oh, ow
		switch r.IntN(5) {
		case 0:
			parts = append(parts, Sigmoid())
		case 1:
		default:
			parts = append(parts, Relu())
			if r.IntN(3) > 0 {
				parts = append(parts, Pool(2, 2))
				h, w = h/2, w/2
			}
		}
		if r.IntN(4) == 0 {
			parts = append(parts, Dropout(0.3))
		}
	}
	if r.IntN(2) == 0 {
		parts = append(parts, Affine(1+r.IntN(70)), Relu())
		if r.IntN(2) == 0 {
			parts = append(parts, Dropout(0.4))
		}
	}
	return input, append(parts, Affine(2+r.IntN(12)))
}

// byLayers returns a network of the layers of net without an engine: they run one by one,
// as they are read.
func byLayers[T ndarray.Float](net *Sequential[T]) *Sequential[T] {
	var ls []layers.Layer[T]
	for _, name := range net.LayerNames() {
		ls = append(ls, net.Layer(name))
	}
	n := newNetwork(net.InputShape(), ls)
	n.engine = nil
	return n.sequential()
}

func compareEngine[T ndarray.Float](t *testing.T, name string, input []int, parts []Part, n int, tolerance float64) {
	t.Helper()
	build := func() (*Sequential[T], *ndarray.Array[T], []int) {
		rng := nprandom.New(3)
		net := Build[T](rng, input, He, parts...)
		x := ndarray.Randn[T](rng, append([]int{n}, input...)...)
		labels := rng.Choice(net.Classes(), n)
		return net, x, labels
	}
	fast, x, labels := build()
	slow, _, _ := build()
	slow = byLayers(slow)
	for step := range 2 { // the second step meets used buffers
		near := func(what string, got, want []T) {
			t.Helper()
			largest := 0.0
			for _, v := range want {
				largest = max(largest, math.Abs(float64(v)))
			}
			for i := range want {
				if d := math.Abs(float64(got[i] - want[i])); !(d <= tolerance*(largest+1e-3)) {
					t.Fatalf("%s, %d samples, step %d: %s[%d] is %v, the layers' %v (largest %v)", name, n, step, what, i, got[i], want[i], largest)
				}
			}
		}
		near("scores", fast.Predict(x).Data(), slow.Predict(x).Data())
		loss, grads := fast.LossGradient(x, labels)
		wantLoss, wantGrads := slow.LossGradient(x, labels)
		near("loss", []T{loss}, []T{wantLoss})
		for _, p := range fast.ParamNames() {
			near("gradient of "+p, grads[p].Data(), wantGrads[p].Data())
		}
		near("second loss", []T{fast.Loss(x, labels)}, []T{slow.Loss(x, labels)})
		for what, running := range slow.State() {
			near(what, fast.State()[what].Data(), running.Data())
		}
	}
}

// Batches of any size may follow each other, larger and smaller ones.
func TestBatchSizesMayChange(t *testing.T) {
	rng := nprandom.New(2)
	fast := Build[float32](rng, []int{1, 8, 8}, He, Conv(5, 3, 1, 1), Relu(), Pool(2, 2), Affine(4))
	slow := Build[float32](nprandom.New(2), []int{1, 8, 8}, He, Conv(5, 3, 1, 1), Relu(), Pool(2, 2), Affine(4))
	slow = byLayers(slow)
	for _, n := range []int{30, 200, 190, 13, 1, 192, 193, 500, 385} {
		x, labels := ndarray.Randn[float32](rng, n, 1, 8, 8), rng.Choice(4, n)
		got, gotGrads := fast.LossGradient(x, labels)
		want, wantGrads := slow.LossGradient(x, labels)
		if !(math.Abs(float64(got-want)) < 1e-5) {
			t.Errorf("of %d samples the loss is %v, the layers' %v", n, got, want)
		}
		if g, w := gotGrads["W1"], wantGrads["W1"]; !g.AllClose(w, 1e-4, 1e-5) {
			t.Errorf("of %d samples the gradient of W1 is\n%v\nthe layers'\n%v", n, g, w)
		}
		if g, w := fast.Predict(x), slow.Predict(x); !g.AllClose(w, 1e-4, 1e-5) {
			t.Errorf("the scores of %d samples are not the layers'", n)
		}
	}
}

func TestSameBitsOnAnyNumberOfProcessors(t *testing.T) {
	counts, steps := []int{1, 2, 3, 8, 16, 33}, 3
	if testing.Short() { // with the race detector, which needs no more to see who shares what
		counts, steps = []int{3, 8}, 2
	}
	for _, v := range kernels.Available() {
		restore := kernels.Use(v)
		var first string
		for _, procs := range counts {
			old := runtime.GOMAXPROCS(procs)
			rng := nprandom.New(1)
			net := NewDeepConvNet[float32](rng, DeepConvNetConfig{InputDim: [3]int{1, 12, 12}, HiddenSize: 20, DropoutRatio: 0.5})
			x := ndarray.Rand[float32](rng, 50, 1, 12, 12)
			labels := rng.Choice(10, 50)
			for range steps {
				grads := net.Gradient(x, labels)
				for name, p := range net.Params() {
					for i, g := range grads[name].Data() {
						p.Data()[i] -= 0.01 * g
					}
				}
			}
			if digest := net.Digest(); first == "" {
				first = digest
			} else if digest != first {
				t.Errorf("%v: digest %s on %d processors, %s on %d", v, digest, procs, first, counts[0])
			}
			runtime.GOMAXPROCS(old)
		}
		restore()
	}
}

// The same with workers that are delayed at random, for networks that are cut in all ways
// there are.
func TestSameBitsWithDelayedWorkers(t *testing.T) {
	simple := func(filters, hidden int) []Part {
		return []Part{Conv(filters, 5, 1, 0), Relu(), Pool(2, 2), Affine(hidden), Relu(), Dropout(0.4), Affine(10), Dropout(0.4)}
	}
	networks := []struct {
		name    string
		side, n int
		parts   []Part
	}{
		{"the assignment's", 28, 100, simple(64, 50)},
		{"filters in two pieces", 16, 70, simple(100, 60)},
		{"the book's", 28, 37, simple(30, 100)},
		{"DeepConvNet's", 12, 50, []Part{Conv(16, 3, 1, 1), Relu(), Conv(40, 3, 1, 1), Relu(), Pool(2, 2), Conv(64, 3, 1, 2), Relu(), Pool(2, 2), Affine(20), Relu(), Dropout(0.5), Affine(10)}},
		{"wide", 12, 90, []Part{Affine(1000), Relu(), Affine(200), Relu(), Dropout(0.2), Affine(10)}},
	}
	counts, steps := []int{1, 2, 3, 8, 16, 33}, 2
	if testing.Short() {
		counts, steps = []int{3, 8}, 1
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, c := range networks {
		first := ""
		for _, procs := range counts {
			runtime.GOMAXPROCS(procs)
			rng := nprandom.New(5)
			net := Build[float32](rng, []int{1, c.side, c.side}, He, c.parts...)
			x, labels := ndarray.Rand[float32](rng, c.n, 1, c.side, c.side), rng.Choice(10, c.n)
			adam := optimizer.NewAdam[float32](0.001)
			stop := func() {}
			if procs > 1 {
				stop = workers.Disturb(func() {
					if rand.IntN(20) == 0 {
						time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
					}
				})
			}
			for range steps {
				adam.Update(net.Params(), net.Gradient(x, labels))
				net.Predict(x)
			}
			stop()
			if digest := net.Digest(); first == "" {
				first = digest
			} else if digest != first {
				t.Errorf("%s: digest %s on %d processors, %s on %d", c.name, digest, procs, first, counts[0])
			}
		}
	}
}

// A whole training with Adam and dropout: 200 steps end with the same bits.
func TestSameBitsAfterTraining(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	digests := map[int]string{}
	for _, procs := range []int{1, 2, 3, 8} {
		runtime.GOMAXPROCS(procs)
		rng := nprandom.New(2)
		net := NewSimpleConvNet[float32](rng, SimpleConvNetConfig{FilterNum: 9, HiddenSize: 21, UseDropout: true, DropoutRatio: 0.5})
		x := ndarray.Rand[float32](rng, 30, 1, 28, 28)
		labels := rng.Choice(10, 30)
		adam := optimizer.NewAdam[float32](0.001)
		for range 200 {
			adam.Update(net.Params(), net.Gradient(x, labels))
		}
		digests[procs] = net.Digest()
	}
	for procs, digest := range digests {
		if digest != digests[1] {
			t.Errorf("digest %s on %d processors, %s on one", digest, procs, digests[1])
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	rng := nprandom.New(1)
	x, labels := ndarray.Rand[float32](rng, 10, 1, 28, 28), rng.Choice(10, 10)
	for name, net := range map[string]interface {
		Gradient(*ndarray.Array[float32], []int) map[string]*ndarray.Array[float32]
	}{
		"SimpleConvNet": NewSimpleConvNet[float32](rng, SimpleConvNetConfig{FilterNum: 20, UseDropout: true, DropoutRatio: 0.5}),
		"DeepConvNet":   NewDeepConvNet[float32](rng, DeepConvNetConfig{DropoutRatio: 0.5}),
		"with batch normalisation": Build[float32](rng, []int{1, 28, 28}, He,
			Conv(8, 3, 1, 1), BatchNormPerChannel(), Relu(), Conv(8, 3, 1, 0), Relu(), Pool(3, 2), Affine(20), BatchNorm(), Relu(), Affine(10)),
	} {
		net.Gradient(x, labels)
		if got := testing.AllocsPerRun(10, func() { net.Gradient(x, labels) }); got != 0 {
			t.Errorf("%s: a gradient allocates %v times, want 0", name, got)
		}
	}
}

func BenchmarkGradient(b *testing.B) {
	rng := nprandom.New(1)
	x, labels := ndarray.Rand[float32](rng, 100, 1, 28, 28), rng.Choice(10, 100)
	for name, net := range map[string]interface {
		LossGradient(*ndarray.Array[float32], []int) (float32, map[string]*ndarray.Array[float32])
	}{
		"assignment": NewSimpleConvNet[float32](rng, SimpleConvNetConfig{FilterNum: 64, HiddenSize: 50, UseDropout: true, DropoutRatio: 0.4}),
		"book":       NewSimpleConvNet[float32](rng, SimpleConvNetConfig{}),
		"deep":       NewDeepConvNet[float32](rng, DeepConvNetConfig{DropoutRatio: 0.5}),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				net.LossGradient(x, labels)
			}
		})
	}
}

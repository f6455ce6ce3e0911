package convnet

import (
	"runtime"
	"slices"
	"testing"

	"convbook/pkg/internal/kernels"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// The scores of an image do not depend on how many there are beside it, nor on the
// number of processors, nor on what was trained in between.
func TestScoresOfAnImageAreItsOwn(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const most = 300
	rng := nprandom.New(3)
	x, labels := ndarray.Rand[float32](rng, most, 1, 12, 12), rng.Choice(10, 40)
	processors := []int{1, 2, 3, 8, 16, 33}
	if testing.Short() { // with the race detector
		processors = []int{3}
	}
	for _, v := range kernels.Available() {
		restore := kernels.Use(v)
		for name, net := range map[string]*Sequential[float32]{
			"one wide stage": Build[float32](rng, []int{1, 12, 12}, He, Conv(64, 3, 1, 1), Relu(), Pool(2, 2), Affine(60), Relu(), Affine(10)),
			"a wide Affine":  Build[float32](rng, []int{1, 12, 12}, He, Affine(1000), Relu(), Affine(140), Relu(), Affine(10)),
			"all kinds": Build[float32](rng, []int{1, 12, 12}, He, Conv(9, 3, 1, 1), BatchNormPerChannel(), Relu(), AveragePool(2, 2),
				Residual(Conv(9, 3, 1, 1), Sigmoid(), Conv(9, 3, 1, 1)), Dropout(0.5), Conv(5, 3, 2, 0), Affine(10)),
		} {
			var want []float32
			for _, procs := range processors {
				runtime.GOMAXPROCS(procs)
				for _, n := range []int{most, 1, 13, 48, 97} {
					got := net.Predict(x.Slice(0, n)).Data()
					if want == nil {
						want = slices.Clone(got)
					}
					if !slices.Equal(got, want[:len(got)]) {
						t.Errorf("%v, %s: %d images on %d processors have other scores", v, name, n, procs)
					}
				}
				if name != "all kinds" { // whose statistics would move on
					net.Gradient(x.Slice(0, 40), labels)
				}
				for _, one := range []int{0, most - 1} {
					if got := net.Predict(x.Slice(one, one+1)).Data(); !slices.Equal(got, want[one*10:one*10+10]) {
						t.Errorf("%v, %s: image %d alone has other scores on %d processors", v, name, one, procs)
					}
				}
			}
		}
		restore()
	}
}

// A prediction on many processors holds no gradients, and of the class's network no
// pooled maps.
func TestPredictionsOnManyProcessorsTakeLittleMemory(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(16))
	heap := func() float64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	x, labels := ndarray.Zeros[float32](1600, 1, 28, 28), make([]int, 100)
	for _, c := range []struct {
		name string
		make func() *Sequential[float32]
		most float64 // times of what a training takes
	}{
		{"the assignment's", func() *Sequential[float32] {
			return &NewSimpleConvNet[float32](nprandom.New(0), SimpleConvNetConfig{FilterNum: 64, HiddenSize: 50}).Sequential
		}, 1.5},
		{"DeepConvNet", func() *Sequential[float32] {
			return &NewDeepConvNet[float32](nprandom.New(0), DeepConvNetConfig{DropoutRatio: 0.2}).Sequential
		}, 1.5},
	} {
		before := heap()
		net := c.make()
		net.Gradient(x.Slice(0, 100), labels)
		training := heap() - before
		net.Predict(x)
		if all := heap() - before; all > c.most*training {
			t.Errorf("%s takes %.0f MB in training and %.0f MB after a prediction: %.1f times, want at most %.1f", c.name, training/1e6, all/1e6, all/training, c.most)
		}
		runtime.KeepAlive(net)
	}
	runtime.KeepAlive(x)
}

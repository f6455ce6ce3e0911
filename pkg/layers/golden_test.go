package layers

import (
	"math"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/params"
)

// golden holds NumPy's inputs, outputs and gradients: NAME.x, .w, .b, .y, .dout,
// .dx, .dw, .db, and NAME.col and .back for im2col.
func golden(t *testing.T) func(name string) *ndarray.Array[float64] {
	t.Helper()
	arrays, err := params.Load[float64]("testdata/layers_seed0.npz")
	if err != nil {
		t.Fatal(err)
	}
	return func(name string) *ndarray.Array[float64] {
		t.Helper()
		if arrays[name] == nil {
			t.Fatalf("testdata has no %s", name)
		}
		return arrays[name]
	}
}

func near(t *testing.T, what string, got, want *ndarray.Array[float64]) {
	t.Helper()
	if !got.AllClose(want, 1e-12, 1e-13) {
		t.Errorf("%s differs from NumPy's:\n%v\nwant\n%v", what, got, want)
	}
}

func TestConvolutionIsTheClasses(t *testing.T) {
	g := golden(t)
	for _, name := range []string{"conv_class", "conv_3ch", "conv_pad", "conv_stride", "conv_1x1"} {
		l := NewConvolution(g(name+".w"), g(name+".b"), int(g(name+".stride").At()), int(g(name+".pad").At()))
		near(t, name+".y", l.Forward(g(name+".x"), true), g(name+".y"))
		near(t, name+".dx", l.Backward(g(name+".dout")), g(name+".dx"))
		near(t, name+".dw", l.DW, g(name+".dw"))
		near(t, name+".db", l.DB, g(name+".db"))
	}
}

func TestPoolingIsTheClasses(t *testing.T) {
	g := golden(t)
	for _, name := range []string{"pool_2x2", "pool_3x3_s2", "pool_overlap"} {
		size := int(g(name + ".size").At())
		l := NewPooling[float64](size, size, int(g(name+".stride").At()), 0)
		near(t, name+".y", l.Forward(g(name+".x"), true), g(name+".y"))
		near(t, name+".dx", l.Backward(g(name+".dout")), g(name+".dx"))
	}
}

func TestAffineIsTheClasses(t *testing.T) {
	g := golden(t)
	l := NewAffine(g("affine.w"), g("affine.b"))
	near(t, "affine.y", l.Forward(g("affine.x"), true), g("affine.y"))
	near(t, "affine.dx", l.Backward(g("affine.dout")), g("affine.dx"))
	near(t, "affine.dw", l.DW, g("affine.dw"))
	near(t, "affine.db", l.DB, g("affine.db"))
}

func TestIm2colIsTheClasses(t *testing.T) {
	g := golden(t)
	for _, name := range []string{"im2col_a", "im2col_b", "im2col_c"} {
		settings := g(name + ".k_stride_pad").Data()
		k, stride, pad := int(settings[0]), int(settings[1]), int(settings[2])
		x := g(name + ".x")
		col := Im2col(x, k, k, stride, pad)
		near(t, name+".col", col, g(name+".col"))
		near(t, name+".back", Col2im(col, x.Shape(), k, k, stride, pad), g(name+".back"))
	}
}

// Softmax does not overflow, and a certain mistake costs -log(1e-7).
func TestSoftmaxWithLoss(t *testing.T) {
	x := ndarray.FromSlice([]float64{1000, 1001, -1000, 0, 0, 0}).Reshape(2, 3)
	l := NewSoftmaxWithLoss[float64]()
	loss := l.Forward(x, []int{2, 1})
	want := (-math.Log(1e-7) - math.Log(1./3+1e-7)) / 2
	if math.Abs(loss-want) > 1e-12 {
		t.Errorf("the loss is %v, want %v", loss, want)
	}
	oneHot := ndarray.FromSlice([]float64{0, 0, 1, 0, 1, 0}).Reshape(2, 3)
	if got := NewSoftmaxWithLoss[float64]().ForwardOneHot(x, oneHot); got != loss {
		t.Errorf("with one-hot labels the loss is %v, with labels %v", got, loss)
	}
	near(t, "gradient", l.Backward().Slice(1, 2), ndarray.FromSlice([]float64{1. / 6, 1./6 - .5, 1. / 6}).Reshape(1, 3))
}

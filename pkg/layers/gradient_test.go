package layers

import (
	"fmt"
	"math"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// checkGradient holds a layer's Backward to central differences, for its input and
// each parameter: the relative error is under 1e-6.
func checkGradient(t *testing.T, name string, l Layer[float64], x *ndarray.Array[float64], train bool) {
	t.Helper()
	rng := nprandom.New(9)
	weights := ndarray.Randn[float64](rng, l.Forward(x, train).Shape()...)
	// The loss is a weighted sum of the outputs, so weights is its gradient.
	loss := func() float64 { return l.Forward(x, train).Mul(weights).SumAll() }
	compare := func(what string, got, at *ndarray.Array[float64]) {
		t.Helper()
		want := NumericalGradient(loss, at)
		difference, size := 0.0, 0.0
		for i, v := range want.Data() {
			difference = max(difference, math.Abs(v-got.Data()[i]))
			size = max(size, math.Abs(v)+math.Abs(got.Data()[i]))
		}
		if !(difference <= 1e-6*size) {
			t.Errorf("%s: the gradient of %s is off by %.1e of %.1e", name, what, difference, size)
		}
	}
	loss()
	dx := l.Backward(weights)
	if learner, ok := l.(Learner[float64]); ok {
		for _, p := range learner.Parameters() {
			compare(p.Kind, p.Grad.Clone(), p.Value)
		}
	}
	compare("x", dx, x)
}

func TestGradients(t *testing.T) {
	rng := nprandom.New(4)
	randn := func(shape ...int) *ndarray.Array[float64] { return ndarray.Randn[float64](rng, shape...) }
	for _, c := range []struct{ n, c, h, w, fn, fh, fw, stride, pad int }{
		{2, 1, 6, 6, 3, 3, 3, 1, 0}, {1, 3, 7, 5, 2, 5, 3, 1, 2}, {3, 2, 8, 8, 4, 2, 2, 2, 0}, {2, 2, 5, 6, 1, 1, 1, 1, 0}, {1, 2, 7, 7, 2, 3, 3, 3, 1},
	} {
		name := fmt.Sprintf("Convolution %+v", c)
		checkGradient(t, name, NewConvolution(randn(c.fn, c.c, c.fh, c.fw), randn(c.fn), c.stride, c.pad), randn(c.n, c.c, c.h, c.w), true)
	}
	for _, c := range []struct{ h, w, stride, pad int }{{2, 2, 2, 0}, {3, 3, 2, 0}, {3, 3, 1, 0}, {2, 3, 1, 1}, {1, 1, 1, 0}} {
		name := fmt.Sprintf("Pooling %+v", c)
		checkGradient(t, name, NewPooling[float64](c.h, c.w, c.stride, c.pad), randn(2, 3, 7, 6), true)
	}
	checkGradient(t, "Affine", NewAffine(randn(12, 5), randn(5)), randn(4, 12), true)
	checkGradient(t, "Affine of images", NewAffine(randn(24, 3), randn(3)), randn(2, 2, 3, 4), true)
	checkGradient(t, "Relu", NewRelu[float64](), randn(3, 4, 5), true)
	checkGradient(t, "Sigmoid", NewSigmoid[float64](), randn(3, 4), true)
	checkGradient(t, "Dropout in training", NewDropout[float64](steady{}, 0.4), randn(3, 4), true)
}

// The class adds 1e-7 inside the logarithm but leaves it out of the gradient, so
// the two differ by 1e-7 over the probability of the right class: here the
// probabilities are about a third.
func TestGradientOfTheLoss(t *testing.T) {
	x := ndarray.Randn[float64](nprandom.New(2), 5, 3).Scale(0.1)
	labels := []int{0, 2, 1, 1, 0}
	l := NewSoftmaxWithLoss[float64]()
	want := NumericalGradient(func() float64 { return l.Forward(x, labels) }, x)
	l.Forward(x, labels)
	if got := l.Backward(); !got.AllClose(want, 0, 1e-6*want.MaxAll()) {
		t.Errorf("the gradient is\n%v\nwant\n%v", got, want)
	}
}

// steady always draws the same, so that every forward pass has the same mask:
// everything is kept.
type steady struct{}

func (steady) Rand() float64  { return 0.7 }
func (steady) Randn() float64 { return 0 }

// As in the class: kept where rand > ratio, not rescaled in training, times
// 1 - ratio in evaluation, and Backward has the mask of the last Forward.
func TestDropout(t *testing.T) {
	x := ndarray.Full(2.0, 100, 50)
	l := NewDropout[float64](nprandom.New(1), 0.4)
	y := l.Forward(x, true)
	rng, kept := nprandom.New(1), 0
	for i, v := range y.Data() {
		want := 0.0
		if rng.Rand() > 0.4 {
			want = 2
			kept++
		}
		if v != want {
			t.Fatalf("element %d is %v, want %v", i, v, want)
		}
	}
	if share := float64(kept) / 5000; share < 0.55 || share > 0.65 {
		t.Errorf("%.3f are kept, want about 0.6", share)
	}
	if !l.Backward(x).Equal(y) {
		t.Error("Backward has another mask than Forward")
	}
	if got := l.Forward(x, false).At(3, 3); got != 2*(1-0.4) {
		t.Errorf("in evaluation 2 becomes %v, want %v", got, 2*(1-0.4))
	}
	defer func() {
		if recover() == nil {
			t.Error("a ratio of 1 is accepted")
		}
	}()
	NewDropout[float64](rng, 1)
}

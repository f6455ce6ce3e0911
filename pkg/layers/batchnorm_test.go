package layers

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/params"
)

func TestBatchNormalizationIsTheClasses(t *testing.T) {
	g, err := params.Load[float64]("testdata/batchnorm.npz")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"rows", "positions", "channels"} {
		at := func(key string) *ndarray.Array[float64] {
			if g[name+"."+key] == nil {
				t.Fatalf("testdata has no %s.%s", name, key)
			}
			return g[name+"."+key]
		}
		l := NewBatchNormalization(at("gamma"), at("beta"))
		for k := range 3 {
			near(t, fmt.Sprintf("%s.y%d", name, k), l.Forward(at(fmt.Sprint("x", k)), true), at(fmt.Sprint("y", k)))
		}
		near(t, name+".dx", l.Backward(at("dout")), at("dx"))
		near(t, name+".dgamma", l.DGamma, at("dgamma"))
		near(t, name+".dbeta", l.DBeta, at("dbeta"))
		near(t, name+".running_mean", l.RunningMean, at("running_mean"))
		near(t, name+".running_var", l.RunningVar, at("running_var"))
		near(t, name+".e", l.Forward(at("x0"), false), at("e"))
		near(t, name+".running_mean after evaluation", l.RunningMean, at("running_mean"))
	}
}

func TestGradientOfBatchNormalization(t *testing.T) {
	rng := nprandom.New(4)
	randn := func(shape ...int) *ndarray.Array[float64] { return ndarray.Randn[float64](rng, shape...) }
	for _, c := range []struct {
		d     int
		shape []int
	}{
		{5, []int{7, 5}}, {24, []int{3, 2, 3, 4}}, {2, []int{3, 2, 3, 4}}, {1, []int{4, 1, 5, 5}}, {4, []int{2, 4}}, {3, []int{1, 3, 2, 2}}, {6, []int{5, 6, 1, 1}},
	} {
		l := NewBatchNormalization(randn(c.d), randn(c.d))
		checkGradient(t, fmt.Sprintf("BatchNormalization of %v by %d", c.shape, c.d), l, randn(c.shape...), true)
	}
}

// Whatever comes in, each position or channel goes out with mean 0 and variance
// 1, also in float32 and also where nothing varies.
func TestBatchNormalizationNormalises(t *testing.T) {
	x := ndarray.Randn[float32](nprandom.New(8), 50, 3, 4, 4).Map(func(v float32) float32 { return 30*v + 500 })
	for _, d := range []int{3, 48} {
		l := NewBatchNormalization(ndarray.Full[float32](1, d), ndarray.Zeros[float32](d))
		y := l.Forward(x, true).Reshape(50, d, -1)
		for i, mean := range y.Mean(0, 2).Data() {
			variance := y.Mul(y).Mean(0, 2).Data()[i]
			if math.Abs(float64(mean)) > 1e-4 || math.Abs(float64(variance)-1) > 1e-4 {
				t.Errorf("%d means: group %d has mean %v and variance %v", d, i, mean, variance)
			}
		}
	}
	l := NewBatchNormalization(ndarray.Full[float32](2, 48), ndarray.Full[float32](3, 48))
	for _, v := range l.Forward(ndarray.Full[float32](7, 5, 3, 4, 4), true).Data() {
		if v != 3 {
			t.Fatalf("of equal values comes %v, want beta, 3", v)
		}
	}
}

// The running values come ever nearer to those of the batches: after n of them
// 0.9^n of the way is left.
func TestBatchNormalizationFollows(t *testing.T) {
	x := ndarray.FromSlice([]float64{1, 3}, 2, 1) // mean 2, variance 1
	l := NewBatchNormalization(ndarray.Full(1.0, 1), ndarray.Zeros[float64](1))
	for n := 1; n <= 60; n++ {
		l.Forward(x, true)
		left := math.Pow(0.9, float64(n))
		mean, variance := l.RunningMean.At(0), l.RunningVar.At(0)
		if math.Abs(mean-2*(1-left)) > 1e-12 || math.Abs(variance-(1-left)) > 1e-12 {
			t.Fatalf("after %d batches the running mean is %v, the variance %v", n, mean, variance)
		}
	}
}

func TestBatchNormalizationPanics(t *testing.T) {
	zeros := ndarray.Zeros[float64]
	l := NewBatchNormalization(zeros(6), zeros(6))
	for _, c := range []struct {
		name string
		do   func()
		want []string
	}{
		{"gamma of two axes", func() { NewBatchNormalization(zeros(2, 3), zeros(2, 3)) }, []string{"BatchNormalization gamma", "(2, 3)", "(any,)"}},
		{"beta of another length", func() { NewBatchNormalization(zeros(6), zeros(5)) }, []string{"BatchNormalization beta", "(5,)", "(6,)"}},
		{"neither values nor channels", func() { l.Forward(zeros(4, 3, 2, 2), true) }, []string{"BatchNormalization", "(3, 2, 2)", "(6,)", "gamma has 6 elements"}},
		{"no samples", func() { l.Forward(zeros(0, 6), true) }, []string{"BatchNormalization.Forward", "(0, 6)", "one sample or more"}},
		{"no batch axis", func() { l.Forward(zeros(), false) }, []string{"BatchNormalization.Forward", "()"}},
		{"gradient of another shape", func() { l.Forward(zeros(4, 6), true); l.Backward(zeros(4, 5)) }, []string{"BatchNormalization.Backward", "(4, 5)", "(4, 6)"}},
		{"gradient of an evaluation", func() { l.Forward(zeros(4, 6), false); l.Backward(zeros(4, 6)) }, []string{"BatchNormalization.Backward", "not in training"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				text := fmt.Sprint(recover())
				for _, part := range c.want {
					if !strings.Contains(text, part) {
						t.Errorf("the panic is %q, want it to say %q", text, part)
					}
				}
			}()
			c.do()
		})
	}
}

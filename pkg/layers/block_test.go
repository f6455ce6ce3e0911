package layers

import (
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

func TestGradientsOfBlocks(t *testing.T) {
	rng := nprandom.New(6)
	randn := func(shape ...int) *ndarray.Array[float64] { return ndarray.Randn[float64](rng, shape...) }
	conv := func(filters, channels, size, stride, pad int) Layer[float64] {
		return NewConvolution(randn(filters, channels, size, size), randn(filters), stride, pad)
	}
	type chain = Chain[float64]
	norm := func(d int) Layer[float64] { return NewBatchNormalization(randn(d), randn(d)) }
	x := randn(3, 2, 6, 5)
	for _, c := range []struct{ h, w, stride, pad int }{{2, 2, 2, 0}, {3, 2, 1, 1}, {6, 5, 1, 0}} {
		checkGradient(t, "AveragePooling", NewAveragePooling[float64](c.h, c.w, c.stride, c.pad), x, true)
	}
	checkGradient(t, "Residual", NewResidual(chain{conv(4, 2, 3, 1, 1), NewRelu[float64](), conv(2, 4, 3, 1, 1)}, nil), x, true)
	checkGradient(t, "Residual with a shortcut", NewResidual(chain{norm(2), NewSigmoid[float64](), conv(4, 2, 3, 2, 1), NewRelu[float64](), conv(3, 4, 1, 1, 0)}, chain{conv(3, 2, 1, 2, 0)}), x, true)
	checkGradient(t, "Residual of nothing", NewResidual[float64](nil, nil), x, true)
	checkGradient(t, "Residual of rows", NewResidual(chain{NewAffine(randn(8, 8), randn(8)), NewSigmoid[float64]()}, nil), randn(3, 8), true)
	checkGradient(t, "Branches", NewBranches(chain{conv(3, 2, 1, 1, 0)}, chain{conv(1, 2, 1, 1, 0), NewRelu[float64](), conv(4, 1, 3, 1, 1)},
		chain{NewPooling[float64](3, 3, 1, 1), conv(2, 2, 1, 1, 0)}, nil), x, true)
	checkGradient(t, "Branches in a Residual", NewResidual(chain{NewBranches(chain{conv(1, 2, 1, 1, 0)}, chain{conv(1, 2, 3, 1, 1)})}, nil), x, true)

	if y := NewResidual[float64](nil, nil).Forward(x, true); !y.Equal(x.Scale(2)) {
		t.Errorf("a residual block without layers gives\n%v\nwant x + x", y)
	}
	both := NewBranches[float64](nil, nil).Forward(x, true)
	if !both.Index(1).Slice(0, 2).Equal(x.Index(1)) || !both.Index(2).Slice(2, 4).Equal(x.Index(2)) {
		t.Errorf("two empty branches give\n%v\nwant the channels of x twice", both)
	}
	said(t, "Residual", func() { NewResidual(chain{conv(4, 2, 3, 1, 1)}, nil).Forward(x, true) }, "Residual", "(2, 6, 5)", "(4, 6, 5)", "1x1 convolution")
	said(t, "Branches", func() { NewBranches(chain{conv(4, 2, 3, 1, 1)}, chain{conv(4, 2, 3, 1, 0)}).Forward(x, true) }, "Branches", "(4, 4, 3)", "(any, 6, 5)")
	for _, l := range []Layer[float64]{NewResidual[float64](nil, nil), NewBranches[float64](nil), NewAveragePooling[float64](2, 2, 2, 0)} {
		said(t, l.Name(), func() { l.Backward(x) }, l.Name()+".Backward", "no Forward before it")
		said(t, l.Name(), func() { l.Forward(nil, true) }, l.Name()+".Forward", "x is nil")
	}
}

// The mean of windows worked out by hand.
func TestAveragePoolingByHand(t *testing.T) {
	x := ndarray.Arange[float64](16).Reshape(1, 1, 4, 4)
	if got, want := NewAveragePooling[float64](2, 2, 2, 0).Forward(x, false), ndarray.FromSlice([]float64{2.5, 4.5, 10.5, 12.5}, 1, 1, 2, 2); !got.Equal(want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

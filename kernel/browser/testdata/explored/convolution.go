package main

import (
	"convbook/pkg/explore"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// convolved is a convolution of one setting: forward, and backward from one output or all of a map.
type convolved struct {
	Filter, Stride, Pad int
	OH, OW              int // -1 for all of the map
	DOut                float64
	Output, DX, DW      []float64
	DB                  float64
}

// convolution has the book's example and one of two channels and three filters.
func convolution() ([]*explore.Figure, any) {
	x := ndarray.FromSlice([]float64{1, 2, 3, 0, 0, 1, 2, 3, 3, 0, 1, 2, 2, 3, 0, 1}, 4, 4)
	w := ndarray.FromSlice([]float64{2, 0, 1, 0, 1, 2, 1, 0, 2}, 3, 3)
	rng := nprandom.New(2)
	x2, w2, b2 := single(ndarray.Randn[float64](rng, 2, 6, 5)), single(ndarray.Randn[float64](rng, 3, 2, 3, 2)), single(ndarray.Randn[float64](rng, 3))
	figures := []*explore.Figure{
		explore.Convolution(x, w, nil, 1, 0, explore.Title("the book's example · 책의 예")),
		explore.Convolution(x2, w2, b2, 2, 1, explore.Title("two channels, three filters · 채널 둘, 필터 셋")),
	}
	want := make([][]convolved, 2)
	for _, stride := range []int{1, 2} {
		for _, pad := range []int{0, 1, 2} {
			want[0] = append(want[0], convolve(x.Reshape(1, 1, 4, 4), w.Reshape(1, 1, 3, 3), ndarray.Zeros[float64](1), 0, stride, pad, 0, 0, 1), convolve(x.Reshape(1, 1, 4, 4), w.Reshape(1, 1, 3, 3), ndarray.Zeros[float64](1), 0, stride, pad, -1, -1, 2.5))
			for f := range 3 {
				want[1] = append(want[1], convolve(x2.Reshape(1, 2, 6, 5), w2, b2, f, stride, pad, 1, 1, -0.5), convolve(x2.Reshape(1, 2, 6, 5), w2, b2, f, stride, pad, -1, -1, 1))
			}
		}
	}
	return figures, want
}

func convolve(x, w, b *ndarray.Array[float64], f, stride, pad, oh, ow int, dout float64) convolved {
	l := layers.NewConvolution(w, b, stride, pad)
	y := l.Forward(x, true)
	d := ndarray.Zeros[float64](y.Shape()...)
	for i := range y.Dim(2) {
		for j := range y.Dim(3) {
			if oh < 0 || oh == i && ow == j {
				d.Set(dout, 0, f, i, j)
			}
		}
	}
	dx := l.Backward(d)
	return convolved{f, stride, pad, oh, ow, dout, values(y.Index(0, f)), values(dx), values(l.DW.Index(f)), l.DB.At(f)}
}

// single rounds to what a figure carries.
func single(a *ndarray.Array[float64]) *ndarray.Array[float64] {
	for i, v := range a.Data() {
		a.Data()[i] = float64(float32(v))
	}
	return a
}

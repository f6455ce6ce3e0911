package main

import (
	"convbook/pkg/explore"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// unfolded is im2col of one setting.
type unfolded struct {
	Size, Window, Stride, Pad int
	Out                       []int
	Col, Ones, Sums           []float64 // ones: col2im of ones; sums: of the rows of im2col
	Six                       [3][]float64
}

// im2col has an image of whole numbers and one of two channels.
func im2col() ([]*explore.Figure, any) {
	x := ndarray.Arange[float64](36).Reshape(1, 6, 6)
	two := ndarray.Randn[float64](nprandom.New(1), 2, 5, 5)
	figures := []*explore.Figure{
		explore.Im2col(x, 3, 3, 1, 0, explore.Title("6 x 6, window 3 x 3 · 6 x 6, 윈도 3 x 3")),
		explore.Im2col(two, 3, 2, 2, 1, explore.Title("two channels · 채널 둘")),
	}
	want := make([][]unfolded, 2)
	for i, img := range []*ndarray.Array[float64]{x, two} {
		for _, size := range []int{3, 5, 6} {
			for _, window := range []int{1, 2, 3} {
				for _, stride := range []int{1, 2} {
					for _, pad := range []int{0, 1, 3} {
						if size <= img.Dim(1) {
							want[i] = append(want[i], unfold(img, size, window, stride, pad))
						}
					}
				}
			}
		}
	}
	return figures, want
}

func unfold(img *ndarray.Array[float64], size, window, stride, pad int) unfolded {
	c := img.Dim(0)
	part := ndarray.Zeros[float64](1, c, size, size)
	for ch := range c {
		for y := range size {
			for x := range size {
				part.Set(float64(float32(img.At(ch, y, x))), 0, ch, y, x)
			}
		}
	}
	col := layers.Im2col(part, window, window, stride, pad)
	out := layers.OutSize(size, window, stride, pad)
	rows := col.Reshape(1, out, out, c, window, window)
	six := rows.Transpose(0, 3, 4, 5, 1, 2) // (N, C, FH, FW, OH, OW)
	u := unfolded{Size: size, Window: window, Stride: stride, Pad: pad, Out: []int{out, out}, Col: values(col),
		Ones: values(layers.Col2im(ndarray.Full[float64](1, col.Shape()...), part.Shape(), window, window, stride, pad)),
		Sums: values(layers.Col2im(col, part.Shape(), window, window, stride, pad))}
	// As they are drawn: blocks of the last two axes, below and beside each other.
	u.Six = [3][]float64{values(six.Transpose(0, 1, 2, 4, 3, 5)), values(rows.Transpose(0, 1, 3, 4, 2, 5)), values(col)}
	return u
}

func values(a *ndarray.Array[float64]) []float64 { return a.Reshape(-1).Data() }

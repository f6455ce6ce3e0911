package explore

import (
	"slices"

	"convbook/pkg/explore/js"
	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

// Convolution shows a convolution by hand: an image x of shape (C, H, W) or (H, W), filters w (FN, C, FH, FW), (C, FH, FW)
// or (FH, FW), and biases b (FN,), or nil for zeros. The sum of products is written out for the place under the
// pointer; values of image, filter and bias can be changed. Backward shows what dx, dW and db receive from
// one output, or from all of a map. Its still figure is figure.Windows. It panics with a *ndarray.ShapeError when the shapes do
// not fit, and for more than 8 channels, 16 filters, or 32 by 32 pixels.
func Convolution[T ndarray.Float](x, w, b *ndarray.Array[T], stride, pad int, opts ...Option) *Figure {
	shape, values := imageOf(x)
	if b == nil {
		b = ndarray.Zeros[T](filtersOf(w.Shape())[0])
	}
	filters := filtersOf(w.Shape())
	checkConvolution(shape, filters, b.Shape())
	still := figure.Windows(x, filters[2], filters[3], stride, pad, optionsOf(opts).still...)
	return convolution(still, shape, filters, slices.Concat(values, singles(w.Data()), singles(b.Data())), stride, pad)
}

// filtersOf returns the shape of filters with all four axes.
func filtersOf(w []int) []int {
	for len(w) < 4 {
		w = append([]int{1}, w...)
	}
	return w
}

func checkConvolution(image, filters, biases []int) {
	if len(image) != 3 || image[0] > 8 || image[1] > 32 || image[2] > 32 {
		panic(&ndarray.ShapeError{Op: "explore.Convolution x", Got: image, Want: []int{-1, -1, -1},
			Hint: "one image (C, H, W) or (H, W) of at most 8 channels and 32x32 pixels, so that numbers can be followed"})
	}
	if len(filters) != 4 || filters[0] > 16 || filters[1] != image[0] {
		panic(&ndarray.ShapeError{Op: "explore.Convolution w", Got: filters, Want: []int{-1, image[0], -1, -1},
			Hint: "filters (FN, C, FH, FW), at most 16, for the channels of the image"})
	}
	if !slices.Equal(biases, filters[:1]) {
		panic(&ndarray.ShapeError{Op: "explore.Convolution b", Got: biases, Want: filters[:1], Hint: "one bias for each filter"})
	}
}

func convolution(still *figure.Figure, shape, filters []int, values []float32, stride, pad int) *Figure {
	var head object
	head.numbers("shape", shape)
	head.numbers("filters", []int{filters[0], filters[2], filters[3]})
	head.number("stride", stride)
	head.number("pad", pad)
	return figureOf("convolution", js.Convolution(), still, head, values, nil)
}

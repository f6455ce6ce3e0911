package explore

import (
	"convbook/pkg/explore/js"
	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

// Im2col shows what im2col and col2im do to one image, of shape (C, H, W) or (H, W), with windows of
// filterH by filterW, stride apart, on the image padded by pad zeros. Point at a window and its row of the
// matrix lights up, at a row and its window, at a pixel and all of its windows; sliders change the
// image's part that is used, the window, the stride and the pad. It also shows the sums of col2im, the class's slice
// col[:, :, y, x, :, :], and the six axes on their way to rows. Its still figure is figure.Windows. It panics as
// figure.Windows does, and for images of more than 4,096 pixels or 16 channels, of which nothing
// could be told by eye.
func Im2col[T ndarray.Float](img *ndarray.Array[T], filterH, filterW, stride, pad int, opts ...Option) *Figure {
	still := figure.Windows(img, filterH, filterW, stride, pad, optionsOf(opts).still...)
	shape, values := imageOf(img)
	return im2col(still, shape, values, filterH, filterW, stride, pad)
}

func im2col(still *figure.Figure, shape []int, values []float32, filterH, filterW, stride, pad int) *Figure {
	if shape[0] > 16 || shape[1] > 64 || shape[2] > 64 {
		panic(&ndarray.ShapeError{Op: "explore.Im2col", Got: shape, Want: []int{min(shape[0], 16), min(shape[1], 64), min(shape[2], 64)},
			Hint: "an image in which windows can be told by eye; take a part of it, or figure.Windows"})
	}
	var head object
	head.numbers("shape", shape)
	head.numbers("filter", []int{filterH, filterW})
	head.number("stride", stride)
	head.number("pad", pad)
	return figureOf("im2col", js.Im2col(), still, head, values, nil)
}

// imageOf returns an image's shape (C, H, W) and its values.
func imageOf[T ndarray.Float](img *ndarray.Array[T]) ([]int, []float32) {
	shape := img.Shape()
	if len(shape) == 2 {
		shape = []int{1, shape[0], shape[1]}
	}
	return shape, singles(img.Data())
}

func singles[T ndarray.Float](values []T) []float32 {
	all := make([]float32, len(values))
	for i, v := range values {
		all[i] = float32(v)
	}
	return all
}

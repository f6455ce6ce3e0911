package layers

import (
	"fmt"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// OutSize returns the number of windows along one axis of length size:
// (size + 2*pad - filter)/stride + 1, rounded down, or 0 when the filter does not fit.
// stride is at least 1.
func OutSize(size, filter, stride, pad int) int {
	if size+2*pad < filter {
		return 0
	}
	return (size+2*pad-filter)/stride + 1
}

// Im2col writes every window that a filter of height filterH and width filterW
// sees as one row: images (N, C, H, W) become (N*OH*OW, C*filterH*filterW).
// Outside the image, where pad reaches, there are zeros. It panics with a
// *ndarray.ShapeError when images has other axes or the window does not fit, and when the
// stride is below 1 or the pad below 0. (common.util.im2col)
func Im2col[T ndarray.Float](images *ndarray.Array[T], filterH, filterW, stride, pad int) *ndarray.Array[T] {
	w := newWindows("Im2col", shapes.Of("Im2col", "images", images), filterH, filterW, stride, pad)
	col := ndarray.Zeros[T](w.n*w.outH*w.outW, w.c*filterH*filterW)
	dst, src := col.Data(), images.Data()
	w.each(func(at, pixel, length int) {
		for i, v := range src[pixel : pixel+length] {
			dst[at+i] = v
		}
	})
	return col
}

// Col2im is the transpose of Im2col: it adds every row of col (N*OH*OW,
// C*filterH*filterW) back to the window it came from, and returns images of
// the given shape (N, C, H, W). Pixels that several windows share receive a
// sum. It panics as Im2col does, and when col has another shape. (common.util.col2im)
func Col2im[T ndarray.Float](col *ndarray.Array[T], shape []int, filterH, filterW, stride, pad int) *ndarray.Array[T] {
	w := newWindows("Col2im", shape, filterH, filterW, stride, pad)
	shapes.Check("Col2im", shapes.Of("Col2im", "col", col), []int{w.n * w.outH * w.outW, w.c * filterH * filterW},
		"one row for each window of images of shape "+shapes.Text(shape))
	images := ndarray.Zeros[T](shape...)
	src, dst := col.Data(), images.Data()
	w.each(func(at, pixel, length int) {
		for i, v := range src[at : at+length] {
			dst[pixel+i] += v
		}
	})
	return images
}

// windows describes how filter windows lie on images of shape (n, c, h, w).
type windows struct {
	n, c, h, w       int
	filterH, filterW int
	stride, pad      int
	outH, outW       int
}

func newWindows(op string, shape []int, filterH, filterW, stride, pad int) windows {
	shapes.Check(op, shape, []int{-1, -1, -1, -1}, "images have the axes (N, C, H, W)")
	checkWindow(op, filterH, filterW, stride, pad)
	w := windows{n: shape[0], c: shape[1], h: shape[2], w: shape[3],
		filterH: filterH, filterW: filterW, stride: stride, pad: pad,
		outH: OutSize(shape[2], filterH, stride, pad), outW: OutSize(shape[3], filterW, stride, pad)}
	if w.outH == 0 || w.outW == 0 {
		panic(&ndarray.ShapeError{Op: op, Got: shape, Want: []int{-1, -1, max(0, filterH-2*pad), max(0, filterW-2*pad)},
			Hint: fmt.Sprintf("a %dx%d window with pad %d does not fit; the wanted height and width are the least that do", filterH, filterW, pad)})
	}
	return w
}

// checkWindow panics unless the window is at least 1x1, the stride at least 1
// and the pad not negative.
func checkWindow(op string, filterH, filterW, stride, pad int) {
	if filterH < 1 || filterW < 1 || stride < 1 || pad < 0 {
		panic(fmt.Sprintf("%s: window %dx%d, stride %d, pad %d: the window and the stride must be at least 1, the pad at least 0",
			op, filterH, filterW, stride, pad))
	}
}

// each calls f for every row of every window: the run of length elements
// starting at column position at lies over the pixels starting at pixel. Runs
// are cut where they leave the image.
func (w windows) each(f func(at, pixel, length int)) {
	at := 0
	for n := range w.n {
		for y := range w.outH {
			for x := range w.outW {
				left := x*w.stride - w.pad
				lo, hi := max(0, -left), min(w.filterW, w.w-left)
				for c := range w.c {
					for fy := range w.filterH {
						row := y*w.stride - w.pad + fy
						if row >= 0 && row < w.h && lo < hi {
							f(at+lo, ((n*w.c+c)*w.h+row)*w.w+left+lo, hi-lo)
						}
						at += w.filterW
					}
				}
			}
		}
	}
}

package figure

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"convbook/pkg/ndarray"
)

// span is the range of values that the shades of an image stand for.
type span struct{ low, high float64 }

// spanOf returns the range asked for, or else [0, 1] when all values lie in it,
// or else from the lowest to the highest finite value.
func spanOf[T ndarray.Float](values []T, wanted *[2]float64) span {
	if wanted != nil {
		return span{wanted[0], wanted[1]}
	}
	s := extent(values)
	if s.low >= 0 && s.high <= 1 {
		return span{0, 1}
	}
	return s
}

// extent returns the lowest and highest finite value, or 0 and 1 when there are
// none or they are equal.
func extent[T ndarray.Float](values []T) span {
	s := span{math.Inf(1), math.Inf(-1)}
	for _, value := range values {
		if v := float64(value); finite(v) {
			s.low, s.high = math.Min(s.low, v), math.Max(s.high, v)
		}
	}
	if !(s.low < s.high) {
		return span{0, 1}
	}
	return s
}

// share returns where v lies in the span, 0 at the low and 1 at the high end and
// beyond them. NaN counts as low.
func (s span) share(v float64) float64 {
	f := (v - s.low) / (s.high - s.low)
	if !(f > 0) {
		return 0
	}
	return math.Min(f, 1)
}

// greyImage turns h rows of w values into shades of grey.
func greyImage[T ndarray.Float](values []T, w, h int, s span, inverted bool) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i, v := range values[:w*h] {
		shade := math.Round(255 * s.share(float64(v)))
		if inverted {
			shade = 255 - shade
		}
		img.Pix[i] = uint8(shade)
	}
	return img
}

// divergingImage turns h rows of w values into colours: blue below zero, white at
// zero, vermillion above; limit gets the full colour. Its palette holds the colours
// it uses and no others, which keeps small filters small files.
func divergingImage[T ndarray.Float](values []T, w, h int, limit float64) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, w, h), nil)
	places := make(map[int]uint8)
	for i, v := range values[:w*h] {
		shade := int(math.Round(254 * span{-limit, limit}.share(float64(v))))
		place, known := places[shade]
		if !known {
			place = uint8(len(img.Palette))
			places[shade] = place
			img.Palette = append(img.Palette, divergingPalette[shade])
		}
		img.Pix[i] = place
	}
	return img
}

// divergingPalette has white in the middle, at 127.
var divergingPalette = func() color.Palette {
	p := make(color.Palette, 255)
	for i := range p {
		end := palette[0]
		if i > 127 {
			end = palette[1]
		}
		p[i] = mixed(color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}, end, math.Abs(float64(i)-127)/127)
	}
	return p
}()

// mixed returns a for t = 0, b for t = 1 and the colours between them.
func mixed(a, b color.NRGBA, t float64) color.NRGBA {
	between := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + t*(float64(y)-float64(x)))) }
	return color.NRGBA{between(a.R, b.R), between(a.G, b.G), between(a.B, b.B), 0xFF}
}

// stack returns the number of images in an array (N,1,H,W), (N,H,W) or (H,W), and
// their height and width. It panics with a *ndarray.ShapeError for other shapes.
func stack[T ndarray.Float](op string, images *ndarray.Array[T]) (n, h, w int) {
	shape := images.Shape()
	switch {
	case len(shape) == 4 && shape[1] == 1:
		n, h, w = shape[0], shape[2], shape[3]
	case len(shape) == 3:
		n, h, w = shape[0], shape[1], shape[2]
	case len(shape) == 2:
		n, h, w = 1, shape[0], shape[1]
	default:
		panic(&ndarray.ShapeError{Op: op, Got: shape, Want: []int{-1, 1, -1, -1},
			Hint: "images have one channel; (N, H, W) and (H, W) will do as well"})
	}
	if h == 0 || w == 0 {
		panic(&ndarray.ShapeError{Op: op, Got: shape, Want: []int{-1, 1, -1, -1}, Hint: "there are no pixels"})
	}
	return n, h, w
}

// checkColumns panics unless a grid can have so many columns.
func checkColumns(op string, cols int) {
	if cols < 1 {
		panic(fmt.Sprintf("%s: %d columns: there must be at least 1", op, cols))
	}
}

package figure

import (
	"math"

	"convbook/pkg/internal/bilingual"
	"convbook/pkg/ndarray"
)

// Filters draws the weights of a convolution, of shape (FN, C, FH, FW), in rows of
// cols: the channels of the first filter, then those of the second, and so on.
// Zero is white, negative weights are blue and positive ones vermillion, on one
// scale for all unless OwnScale is given; ValueRange sets where the full colours are, at
// the end that is further from zero. It panics with a *ndarray.ShapeError when w has another
// number of axes or no weights.
func Filters[T ndarray.Float](w *ndarray.Array[T], cols int, opts ...Option) *Figure {
	checkColumns("figure.Filters", cols)
	shape := w.Shape()
	if len(shape) != 4 || w.Size() == 0 {
		panic(&ndarray.ShapeError{Op: "figure.Filters", Got: shape, Want: []int{-1, -1, -1, -1},
			Hint: "the weights of a convolution have the shape (FN, C, FH, FW)"})
	}
	var o options
	o.apply(opts)
	limit := largest(w.Data())
	if o.valueRange != nil {
		limit = math.Max(math.Abs(o.valueRange[0]), math.Abs(o.valueRange[1]))
	}
	scale := colorScale{colors: divergingPalette, low: short(-limit), center: "0", high: short(limit)}
	if o.ownScale {
		scale.low, scale.high, scale.note = "−", "+", bilingual.Of("each to its own largest value")
	}
	height, width := shape[2], shape[3]
	tiles, spans := make([]tile, shape[0]*shape[1]), []span{{-limit, limit}}
	if o.ownScale {
		spans = nil
	}
	for i := range tiles {
		weights := w.Data()[i*height*width : (i+1)*height*width]
		if o.ownScale {
			limit = largest(weights)
			spans = append(spans, span{-limit, limit})
		}
		tiles[i].image = divergingImage(weights, width, height, limit)
	}
	return gridFigure(&o, tiles, cols, width, height, &foot{height: scale.height(), draw: scale.draw}, toldShades("signed", w.Data(), spans))
}

// largest is the size of the value that is furthest from zero, 1 when all are zero.
func largest[T ndarray.Float](values []T) float64 {
	limit := 0.0
	for _, v := range values {
		if finite(float64(v)) {
			limit = math.Max(limit, math.Abs(float64(v)))
		}
	}
	if limit == 0 {
		return 1
	}
	return limit
}

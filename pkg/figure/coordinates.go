package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Coordinate is an axis of Parallel: a value for each line, NaN where a line has none. With Labels it is
// an axis of texts, and a value is a place among them.
type Coordinate struct {
	Name   string
	Values []float64
	Log    bool // for numbers above 0
	Labels []string
}

// Parallel draws parallel coordinates (Inselberg, 1985): an axis for each thing, side by side, and a line
// across all of them for each set of values. The last axis is what came of it, such as an accuracy, and
// gives a line its colour, from orange for the lowest to blue for the highest; the higher, the further in
// front, and the highest of all is thick. An axis with few values has its ticks there. On a telephone the
// axes lie below each other, and the lines run down. A value that is not finite, or not positive on a
// logarithmic axis, breaks its line. Of more than 2,000 lines it shows the 1,000 highest and 1,000 of
// the others. It panics when the axes do not have equally many values.
func Parallel(axes []Coordinate, opts ...Option) *Figure {
	o := options{height: 360}
	o.width = min(1200, max(600, 2*margin+110*vg.Length(len(axes))))
	o.apply(opts)
	p := &parallel{names: make([]bilingual.Text, len(axes)), axes: make([]axis, len(axes)), values: make([][]float64, len(axes))}
	for i, a := range axes {
		if len(a.Values) != len(axes[0].Values) {
			panic(fmt.Sprintf("figure.Parallel: axis %q has %d values and axis %q has %d: they must have equally many",
				a.Name, len(a.Values), axes[0].Name, len(axes[0].Values)))
		}
		p.names[i] = bilingual.Of(a.Name)
		p.axes[i], p.values[i] = a.axis()
	}
	p.choose()
	h := o.heading()
	return &Figure{heading: h, shows: p.words(), layout: func(in form) drawing {
		if !in.narrow {
			return in.around(o.width-2*margin, o.height-2*margin, func(c draw.Canvas) { p.across(h.draw(c, in), in) })
		}
		width := in.inner()
		return in.around(width, h.height(width, in)+rowPitch*vg.Length(max(len(axes), 1)), func(c draw.Canvas) { p.down(h.draw(c, in), in) })
	}}
}

// axis is how a coordinate is drawn, and what of its values can be.
func (a Coordinate) axis() (drawn axis, values []float64) {
	drawn = axis{min: math.Inf(1), max: math.Inf(-1), log: a.Log, ticks: roundTicks{}}
	different := map[float64]bool{}
	for _, v := range a.Values {
		if a.Labels != nil && (v != math.Trunc(v) || v < 0 || v >= float64(len(a.Labels))) || !finite(v) || a.Log && v <= 0 {
			v = math.NaN()
		} else {
			drawn.include(v, v)
			if len(different) <= mostPoints {
				different[v] = true
			}
		}
		values = append(values, v)
	}
	switch {
	case a.Labels != nil:
		drawn.min, drawn.max = 0, float64(max(len(a.Labels)-1, 1))
		drawn.ticks = labelTicks(a.Labels)
	case len(different) > 0 && len(different) <= mostPoints:
		drawn.ticks = valueTicks(different)
	case a.Log:
		drawn.ticks = decadeTicks{}
	default:
		roundOut(&drawn)
	}
	if a.Log && math.IsInf(drawn.min, 0) {
		drawn.min, drawn.max = 0.1, 1
	}
	drawn.settle()
	return drawn, values
}

// labelTicks are the texts of an axis, the first at 0.
type labelTicks []string

func (labels labelTicks) ticks(low, high float64) (ticks []tick) {
	for i, label := range labels {
		if i == mostNamed {
			break
		}
		ticks = append(ticks, tick{float64(i), label})
	}
	return ticks
}

// valueTicks are labels at each of a few values.
type valueTicks map[float64]bool

func (values valueTicks) ticks(low, high float64) (ticks []tick) {
	for v := range values {
		ticks = append(ticks, tick{v, grouped(fmt.Sprintf("%.4g", v))})
	}
	slices.SortFunc(ticks, func(a, b tick) int { return cmp.Compare(a.value, b.value) })
	return ticks
}

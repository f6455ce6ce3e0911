package figure

import (
	"fmt"
	"math"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/vg"
)

// Series is one curve of Curves.
type Series struct {
	Name      string      // in the legend; empty for none
	X, Y      []float64   // as long as each other; X may be nil for 1, 2, …
	Low, High []float64   // a band around the curve, as long as Y; nil for none
	Runs      [][]float64 // instead of Y and the band: a thin line for each seed
	Dashed    bool
	Points    bool // a marker on every point
}

// Curves draws series over a common axis, in the order given, one colour each; after
// seven the colours begin anew, with other dashes. A
// point that is not finite, or not positive on a logarithmic axis, breaks its
// curve. An axis of whole numbers, such as epochs, has no ticks between them. The
// legend stands where it covers least, unless Legend says otherwise; of more names than
// the figure has room for it tells how many are left out. It panics when the
// lengths within a series differ.
func Curves(series []Series, opts ...Option) *Figure {
	o := options{width: 600, height: 400, legend: FreeCorner}
	o.apply(opts)
	var curves []*curve
	for i, s := range series {
		dashes := dashesOf(i)
		if s.Dashed {
			dashes = []vg.Length{6, 3}
		}
		for k, run := range s.Runs {
			thin := &curve{xs: epochs(run), ys: run, color: colorOf(i), width: 1, dashes: dashes}
			if k == 0 {
				thin.name = bilingual.Of(s.Name)
			}
			if s.X != nil {
				thin.xs = s.X[:min(len(s.X), len(run))]
			}
			curves = append(curves, thin)
		}
		if len(s.Runs) > 0 {
			continue
		}
		if s.X == nil {
			s.X = epochs(s.Y)
		}
		if len(s.X) != len(s.Y) || len(s.Low) != len(s.High) || (s.Low != nil && len(s.Low) != len(s.Y)) {
			panic(fmt.Sprintf("figure.Curves: series %q has %d X, %d Y, %d Low and %d High: all that are given must have the same length",
				s.Name, len(s.X), len(s.Y), len(s.Low), len(s.High)))
		}
		line := &curve{name: bilingual.Of(s.Name), xs: s.X, ys: s.Y, low: s.Low, high: s.High, color: colorOf(i), width: 1.8, dashes: dashes}
		if s.Points {
			line.marker = roundMarker
		}
		curves = append(curves, line)
	}
	p := newPlane(&o)
	if !o.logX && whole(curves) {
		p.x.ticks = epochTicks{}
	}
	addCurves(p, &o, curves, curves)
	return figureOf(&o, p)
}

// whole reports whether all curves have their points at whole numbers.
func whole(curves []*curve) bool {
	for _, l := range curves {
		for _, x := range l.xs {
			if x != math.Trunc(x) || math.Abs(x) > 1e6 {
				return false
			}
		}
	}
	return true
}

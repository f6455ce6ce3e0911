package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

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
	Separate  bool // markers only, no line between them
}

// Curves draws series over a common axis, in the order given, one colour each; after
// seven the colours begin anew, with other dashes; Colors gives names theirs. A
// point that is not finite, or not positive on a logarithmic axis, breaks its
// curve. An axis of whole numbers, such as epochs, has no ticks between them. The
// legend stands where it covers least, unless Legend says otherwise; of more names than
// the figure has room for it tells how many are left out. It panics when the
// lengths within a series differ.
func Curves(series []Series, opts ...Option) *Figure {
	o := options{width: 600, height: 400, legend: FreeCorner}
	o.apply(opts)
	names := make([]string, len(series))
	for i, s := range series {
		names[i] = s.Name
	}
	places := o.places(names)
	var curves []*curve
	for i, s := range series {
		dashes := dashesOf(places[i])
		if s.Dashed {
			dashes = []vg.Length{6, 3}
		}
		for k, run := range s.Runs {
			thin := &curve{xs: epochs(run), ys: run, color: colorOf(places[i]), width: 1, dashes: dashes}
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
		line := &curve{name: bilingual.Of(s.Name), xs: s.X, ys: s.Y, low: s.Low, high: s.High, color: colorOf(places[i]), width: 1.8, dashes: dashes}
		if s.Points || s.Separate {
			line.marker = roundMarker
		}
		if s.Separate {
			line.width, line.color = 0, faded(line.color, 0x90)
		}
		curves = append(curves, line)
	}
	p := newPlane(&o)
	if !o.logX && whole(curves) {
		p.x.ticks = epochTicks{}
	}
	if places := roundPlaces(curves); o.logX && places != nil {
		p.x.ticks = pointTicks(places)
	}
	addCurves(p, &o, curves, curves)
	return figureOf(&o, p)
}

// mostPoints is how many places of points an axis has as its ticks at most.
const mostPoints = 9

// roundPlaces returns where on the horizontal axis there are points, when these are few and
// round numbers, as 2,000 and 40,000 images; else nil.
func roundPlaces(curves []*curve) (places []float64) {
	for _, l := range curves {
		for _, x := range l.xs {
			if !(x > 0) || !finite(x) || slices.Contains(places, x) {
				continue
			}
			digits, _, _ := strings.Cut(strconv.FormatFloat(x, 'e', -1, 64), "e")
			if len(digits) > len("2.5") || len(places) == mostPoints {
				return nil
			}
			places = append(places, x)
		}
	}
	slices.Sort(places)
	return places
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

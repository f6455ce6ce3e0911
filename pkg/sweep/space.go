package sweep

import (
	"fmt"
	"math"

	"convbook/pkg/nprandom"
)

// Axis is a setting and the values to try.
type Axis struct {
	Name   string
	Values []any
}

// Values makes an Axis: Values("filters", 16, 32, 64).
func Values(name string, values ...any) Axis { return Axis{name, values} }

// Grid returns every combination of the values, those of the last axis changing
// quickest.
func Grid(axes ...Axis) []Point {
	points := []Point{{}}
	for _, axis := range axes {
		var longer []Point
		for _, p := range points {
			for _, v := range axis.Values {
				longer = append(longer, p.with(Point{axis.Name: v}))
			}
		}
		points = longer
	}
	return points
}

// OneAtATime returns base, and base with one setting changed to each of the values
// on its axis: the hyper-parameter tests of the assignment. It panics when an axis
// names a setting that base does not have.
func OneAtATime(base Point, axes ...Axis) []Point {
	points := []Point{base.with(nil)}
	for _, axis := range axes {
		standard := base.value(axis.Name)
		for _, v := range axis.Values {
			if !same(v, standard) {
				points = append(points, base.with(Point{axis.Name: v}))
			}
		}
	}
	return points
}

// Range is a setting that Random draws: an Axis (any of its values) or what Uniform,
// LogUniform and WholeNumbers return.
type Range interface {
	draw(rng *nprandom.RandomState) (name string, value any)
}

// Random returns n points drawn from the ranges: for more than two or three
// settings it finds good ones sooner than a grid (Bergstra and Bengio, 2012).
func Random(n int, rng *nprandom.RandomState, ranges ...Range) []Point {
	points := make([]Point, n)
	for i := range points {
		points[i] = Point{}
		for _, r := range ranges {
			name, value := r.draw(rng)
			points[i][name] = value
		}
	}
	return points
}

func (a Axis) draw(rng *nprandom.RandomState) (string, any) {
	return a.Name, a.Values[rng.RandInt(0, len(a.Values))]
}

type interval struct {
	name      string
	low, high float64
	log       bool
	whole     bool
}

// Uniform draws numbers from low to high.
func Uniform(name string, low, high float64) Range {
	return newInterval(interval{name: name, low: low, high: high})
}

// LogUniform draws numbers whose logarithm is uniform, so that 0.001 to 0.01 is as
// likely as 0.01 to 0.1: for learning rates and initial scales. low must be above 0.
func LogUniform(name string, low, high float64) Range {
	if !(low > 0) {
		panic(fmt.Sprintf("sweep: LogUniform(%q) from %v: the lower end must be above 0", name, low))
	}
	return newInterval(interval{name: name, low: low, high: high, log: true})
}

// WholeNumbers draws whole numbers from low to high, both included.
func WholeNumbers(name string, low, high int) Range {
	return newInterval(interval{name: name, low: float64(low), high: float64(high), whole: true})
}

func newInterval(i interval) Range {
	if !(i.low <= i.high) || math.IsInf(i.low, 0) || math.IsInf(i.high, 0) {
		panic(fmt.Sprintf("sweep: the range of %q goes from %v to %v; it must rise and be finite", i.name, i.low, i.high))
	}
	return i
}

func (i interval) draw(rng *nprandom.RandomState) (string, any) {
	switch {
	case i.whole:
		return i.name, int(i.low) + rng.RandInt(0, int(i.high-i.low)+1)
	case i.log:
		// Four digits: what a table shows is what was tried.
		v := math.Exp(rng.Uniform(math.Log(i.low), math.Log(i.high)))
		return i.name, rounded(v)
	}
	return i.name, rounded(rng.Uniform(i.low, i.high))
}

func rounded(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

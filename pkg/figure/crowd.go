package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// A curve may have far more points than a figure has pixels. What nobody could see is not
// drawn, so that a figure's size and time stay those of a picture.

const (
	crowd                 = 3000 // points from which on a curve is thinned
	hair        vg.Length = 0.25 // the width of a column in which points stand above each other
	markerStep  vg.Length = 3    // markers are at least so far apart, each way
	crowdedRuns           = 20_000
)

// visible returns the points of a long line that show: of those that follow each other
// within a hair's breadth, the first, the lowest, the highest and the last.
func visible(line []vg.Point) []vg.Point {
	if len(line) < crowd {
		return line
	}
	var few []vg.Point
	for start := 0; start < len(line); {
		column := math.Floor(float64(line[start].X / hair))
		low, high, end := start, start, start+1
		for ; end < len(line) && math.Floor(float64(line[end].X/hair)) == column; end++ {
			if line[end].Y < line[low].Y {
				low = end
			}
			if line[end].Y > line[high].Y {
				high = end
			}
		}
		last := -1
		for _, i := range []int{start, min(low, high), max(low, high), end - 1} {
			if i > last {
				few, last = append(few, line[i]), i
			}
		}
		start = end
	}
	return spread(few)
}

// spread returns some points of a line that wanders, evenly chosen, when there are still
// too many.
func spread(line []vg.Point) []vg.Point {
	if len(line) <= crowdedRuns {
		return line
	}
	few := make([]vg.Point, crowdedRuns)
	for i := range few {
		few[i] = line[i*(len(line)-1)/(crowdedRuns-1)]
	}
	return few
}

// places are where markers stand.
type places map[[2]int]bool

// add reports whether there is room for a marker, and takes it.
func (p places) add(pt vg.Point) bool {
	place := [2]int{int(pt.X / markerStep), int(pt.Y / markerStep)}
	if p[place] {
		return false
	}
	p[place] = true
	return true
}

package sweep

import (
	"math"

	"convbook/pkg/figure"
)

// OverTime returns two series for figure.Curves: the mean final test accuracy of each point, and the best
// so far, over the seconds of training that all trials took by then, one after the other in the order
// of the points. It shows whether more points are worth their time. A point that Halving stopped is shown, but
// is the best only as long as none was trained to its end; points that failed take no time.
func (r Results) OverTime() []figure.Series {
	each := figure.Series{Name: "each point · 설정마다", Separate: true}
	best := figure.Series{Name: "best so far · 지금까지 가장 높은 값"}
	seconds, highest, ended := 0., math.Inf(-1), false
	for _, g := range r.groups() {
		mean := g.mean()
		if mean < 0 {
			continue
		}
		for _, result := range g.results {
			seconds += result.Seconds
		}
		each.X, each.Y = append(each.X, seconds), append(each.Y, mean)
		if whole := g.stopped() == 0; whole == ended && mean > highest || whole && !ended {
			if len(best.Y) > 0 { // a step
				best.X, best.Y = append(best.X, seconds), append(best.Y, highest)
			}
			highest, ended = mean, ended || whole
		}
		best.X, best.Y = append(best.X, seconds), append(best.Y, highest)
	}
	return []figure.Series{each, best}
}

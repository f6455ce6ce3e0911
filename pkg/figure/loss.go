package figure

import (
	"math"

	"convbook/pkg/internal/bilingual"
)

// lossColumns is how many points the raw loss is drawn with at most, about one
// for each pixel: longer runs show the lowest and highest of each column.
const lossColumns = 500

// Loss draws the loss of every step in a light tone, and over it the mean of the
// steps around each (2 % of the run to either side). Steps count from 1.
func Loss(loss []float64, opts ...Option) *Figure {
	o := options{width: 600, height: 400, xLabel: "steps", yLabel: "loss", legend: UpperRight}
	o.apply(opts)
	steps := epochs(loss)
	raw := &curve{name: bilingual.Of("each step"), color: faded(colorOf(0), 0x66), width: 0.8, xs: steps, ys: loss}
	smooth := &curve{name: bilingual.Of("smoothed"), color: colorOf(0), width: 2, xs: steps, ys: runningMean(loss, max(1, len(loss)/50))}
	if len(loss) > lossColumns {
		raw.xs, raw.ys = envelope(loss)
		raw.untold = true
		smooth.xs, smooth.ys = thinned(smooth.xs, smooth.ys)
	}
	p := newPlane(&o)
	if !o.logY {
		p.y.min = 0
	}
	curves := []*curve{raw, smooth}
	addCurves(p, &o, curves, curves)
	if !o.logX {
		p.x.min, p.x.max = 1, math.Max(2, float64(len(loss)))
	}
	return figureOf(&o, p)
}

// runningMean returns, for each value, the mean of those at most half before and
// after it. Values that are not finite do not count.
func runningMean(values []float64, half int) []float64 {
	sums := make([]float64, len(values)+1)
	counts := make([]int, len(values)+1)
	for i, v := range values {
		sums[i+1], counts[i+1] = sums[i], counts[i]
		if finite(v) {
			sums[i+1] += v
			counts[i+1]++
		}
	}
	means := make([]float64, len(values))
	for i := range means {
		from, to := max(0, i-half), min(len(values), i+half+1)
		means[i] = (sums[to] - sums[from]) / float64(counts[to]-counts[from])
	}
	return means
}

// envelope returns for each of lossColumns stretches of values its lowest and its
// highest finite value, with their steps.
func envelope(values []float64) (steps, ends []float64) {
	for column := range lossColumns {
		low, high := math.Inf(1), math.Inf(-1)
		from, to := column*len(values)/lossColumns, (column+1)*len(values)/lossColumns
		for _, v := range values[from:to] {
			if finite(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
		if low <= high {
			steps = append(steps, float64(from+to+1)/2, float64(from+to+1)/2)
			ends = append(ends, low, high)
		}
	}
	return steps, ends
}

// thinned keeps lossColumns points of a smooth curve, the first and last among
// them.
func thinned(xs, ys []float64) (fewX, fewY []float64) {
	for k := range lossColumns {
		i := k * (len(xs) - 1) / (lossColumns - 1)
		fewX = append(fewX, xs[i])
		fewY = append(fewY, ys[i])
	}
	return fewX, fewY
}

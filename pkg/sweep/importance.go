package sweep

import (
	"cmp"
	"math"
	"slices"

	"convbook/pkg/figure"
	"convbook/pkg/internal/forest"

	"gonum.org/v1/gonum/stat"
)

// Together names what settings explain only with one another.
const Together = "only together · 함께일 때만"

// Importance returns how much each setting matters, for figure.Bars: which share of the variance of the test
// accuracy it explains by itself, the largest first, and last what settings explain only together. It is
// fANOVA (Hutter, Hoos and Leyton-Brown, 2014): the mean over 64 trees of a random forest, with their
// standard deviation as the spread; each value that was tried counts as much as the others. A grid or random
// points tell it; of OneAtATime nothing is known of settings together.
//
// The seeds are measurements of the same point. Where Halving stopped some trials, all are compared
// after as many epochs as the first of these. Trials that failed are left out. It is nil when no setting
// explains anything.
func (r Results) Importance() []figure.Bar {
	r = slices.DeleteFunc(slices.Clone(r), func(result Result) bool { return result.Failed != "" })
	names := varying(points(r.groups()))
	accuracies := r.compared()
	x, levels := make([][]int, len(r)), make([]int, len(names))
	for j, name := range names {
		values := r.byAccuracy(name, accuracies)
		levels[j] = len(values)
		for i, result := range r {
			x[i] = append(x[i], slices.IndexFunc(values, func(v any) bool { return same(v, result.Settings[name]) }))
		}
	}
	trees := forest.Shares(x, levels, accuracies, 0)
	if len(trees) == 0 {
		return nil
	}
	var bars []figure.Bar
	shares := make([]float64, len(trees))
	together := slices.Repeat([]float64{1}, len(trees))
	for j, name := range names {
		for i, tree := range trees {
			shares[i] = tree[j]
			together[i] = math.Max(together[i]-tree[j], 0)
		}
		bars = append(bars, bar(name, shares))
	}
	slices.SortStableFunc(bars, func(a, b figure.Bar) int { return cmp.Compare(b.Value, a.Value) })
	if len(names) < 2 {
		return bars
	}
	return append(bars, bar(Together, together))
}

func bar(name string, shares []float64) figure.Bar {
	b := figure.Bar{Name: name, Value: stat.Mean(shares, nil)}
	if len(shares) > 1 {
		b.Spread = stat.StdDev(shares, nil)
	}
	return b
}

// compared are the accuracies of all results after equally many epochs.
func (r Results) compared() []float64 {
	first := math.MaxInt
	for _, result := range r {
		if result.Stopped > 0 {
			first = min(first, result.Stopped)
		}
	}
	accuracies := make([]float64, len(r))
	for i, result := range r {
		accuracies[i] = result.at(first)
	}
	return accuracies
}

// byAccuracy are the values of a setting in an order that makes sense to a tree: numbers by size, and
// where some are none, all by their mean accuracy.
func (r Results) byAccuracy(name string, accuracies []float64) []any {
	values := r.values(name)
	if !slices.ContainsFunc(values, func(v any) bool { _, ok := number(v); return !ok }) {
		return values
	}
	mean := make([]float64, len(values))
	for k, v := range values {
		var all []float64
		for i, result := range r {
			if same(result.Settings[name], v) {
				all = append(all, accuracies[i])
			}
		}
		mean[k] = stat.Mean(all, nil)
	}
	order := make([]int, len(values))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(mean[a], mean[b]) })
	sorted := make([]any, len(values))
	for k, from := range order {
		sorted[k] = values[from]
	}
	return sorted
}

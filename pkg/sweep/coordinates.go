package sweep

import (
	"math"
	"slices"

	"convbook/pkg/figure"
)

// Coordinates returns the points for figure.Parallel: an axis for each setting that varies, and last the
// mean of the final test accuracies over the seeds. An axis is logarithmic where the values are spread
// so: all above 0, the largest at least four times the smallest, and clearly more even there than on a
// plain axis. Points that failed are left out; a setting that a point
// does not have is missing from its line.
func (r Results) Coordinates() []figure.Coordinate {
	groups := slices.DeleteFunc(r.ranked(), func(g group) bool { return g.mean() < 0 })
	var axes []figure.Coordinate
	for _, name := range varying(points(groups)) {
		values := present(r.values(name))
		axis := figure.Coordinate{Name: name, Log: logarithmic(values)}
		if slices.ContainsFunc(values, func(v any) bool { _, ok := number(v); return !ok }) {
			for _, v := range values {
				axis.Labels = append(axis.Labels, text(v))
			}
		}
		for _, g := range groups {
			axis.Values = append(axis.Values, place(g.point[name], axis.Labels))
		}
		axes = append(axes, axis)
	}
	outcome := figure.Coordinate{Name: "test accuracy"}
	for _, g := range groups {
		outcome.Values = append(outcome.Values, g.mean())
	}
	return append(axes, outcome)
}

// present are the values without that of points which do not have the setting.
func present(values []any) []any {
	return slices.DeleteFunc(values, func(v any) bool { return v == nil })
}

// place is where a value lies on an axis of numbers, or of texts.
func place(value any, labels []string) float64 {
	if value == nil {
		return math.NaN()
	}
	if labels != nil {
		return float64(slices.Index(labels, text(value)))
	}
	v, _ := number(value)
	return v
}

// logarithmic says whether different values, in their order, are spread over magnitudes.
func logarithmic(values []any) bool {
	var numbers []float64
	for _, value := range values {
		v, ok := number(value)
		if !ok || v <= 0 {
			return false
		}
		numbers = append(numbers, v)
	}
	n := len(numbers)
	if n < 3 || numbers[n-1] < 4*numbers[0] {
		return false
	}
	uneven := func(scale func(float64) float64) (off float64) {
		low, high := scale(numbers[0]), scale(numbers[n-1])
		for i, v := range numbers {
			off += math.Abs((scale(v)-low)/(high-low) - float64(i)/float64(n-1))
		}
		return off
	}
	return uneven(math.Log) < 0.7*uneven(func(v float64) float64 { return v })
}

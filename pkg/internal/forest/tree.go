// Package forest tells how the variance of a measured value divides among the settings that it
// was measured over: the functional analysis of variance with a random forest, fANOVA
// (Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter
// Importance", ICML 2014).
//
// A setting is given by the places of its values: 0, 1, … for those that were tried, in their
// order. A tree divides the space of all combinations into boxes, with one value in each; all
// that it predicts on average for a value of a setting, whatever the others are, is then a sum
// over its boxes.
package forest

import (
	"math"
	"sort"
)

// box is a leaf of a tree: for each setting the places from low up to but not with high, and what the
// tree predicts there.
type box struct {
	low, high []int
	value     float64
}

// tree grows from samples: the places of each, and the measured value.
type tree struct {
	x     [][]int
	y     []float64
	boxes []box
}

// grow divides the samples within a box until those that are left are the same in all settings or
// in what was measured.
func (t *tree) grow(samples []int, within box) {
	setting, cut := t.split(samples)
	if setting < 0 {
		for _, i := range samples {
			within.value += t.y[i] / float64(len(samples))
		}
		t.boxes = append(t.boxes, within)
		return
	}
	sort.SliceStable(samples, func(a, b int) bool { return t.x[samples[a]][setting] < t.x[samples[b]][setting] })
	at := sort.Search(len(samples), func(i int) bool { return t.x[samples[i]][setting] >= cut })
	below, above := within, within
	below.high = append([]int(nil), within.high...)
	above.low = append([]int(nil), within.low...)
	below.high[setting], above.low[setting] = cut, cut
	t.grow(samples[:at], below)
	t.grow(samples[at:], above)
}

// split finds the division of samples after which they vary least about the means of their parts, also
// where that is no less than before: a product shows its sense in the next division. The setting is -1
// where there is nothing to divide.
func (t *tree) split(samples []int) (setting, cut int) {
	sum, pure := 0., true
	for _, i := range samples {
		sum += t.y[i]
		pure = pure && t.y[i] == t.y[samples[0]]
	}
	if pure {
		return -1, 0
	}
	n := float64(len(samples))
	// The sum of squares about the means is smallest where this is largest.
	setting, best := -1, math.Inf(-1)
	ordered := append([]int(nil), samples...)
	for j := range t.x[samples[0]] {
		sort.SliceStable(ordered, func(a, b int) bool { return t.x[ordered[a]][j] < t.x[ordered[b]][j] })
		below := 0.
		for k, i := range ordered[:len(ordered)-1] {
			below += t.y[i]
			here, next := t.x[i][j], t.x[ordered[k+1]][j]
			if here == next {
				continue
			}
			m := float64(k + 1)
			if gain := below*below/m + (sum-below)*(sum-below)/(n-m); gain > best {
				setting, cut, best = j, (here+next+1)/2, gain
			}
		}
	}
	return setting, cut
}

package forest

import (
	"fmt"

	"convbook/pkg/nprandom"
)

// Trees is how many trees a forest has; those of the paper's authors and of Optuna are as many.
const Trees = 64

// Shares returns, for each tree of a random forest, which share of the variance each setting explains by
// itself, over all combinations of the values, each as likely as the others. What is missing to 1 is what
// settings do together. x holds the samples, of shape (samples, settings): the places of the values, in
// [0, levels); y what was measured. Each tree is grown on samples drawn with replacement.
//
// Trees that predict one value everywhere explain nothing and are left out. It panics when lengths or
// places do not fit.
func Shares(x [][]int, levels []int, y []float64, seed uint32) (trees [][]float64) {
	if len(x) != len(y) {
		panic(fmt.Sprintf("forest: %d samples with %d values", len(x), len(y)))
	}
	for i, places := range x {
		if len(places) != len(levels) {
			panic(fmt.Sprintf("forest: sample %d has %d settings, want %d", i, len(places), len(levels)))
		}
		for j, place := range places {
			if place < 0 || place >= levels[j] {
				panic(fmt.Sprintf("forest: sample %d has place %d of %d in setting %d", i, place, levels[j], j))
			}
		}
	}
	if len(x) == 0 {
		return nil
	}
	y = centred(y)
	rng := nprandom.New(seed)
	for range Trees {
		t := &tree{x: x, y: y}
		samples := make([]int, len(x))
		for i := range samples {
			samples[i] = rng.RandInt(0, len(x))
		}
		t.grow(samples, box{low: make([]int, len(levels)), high: levels})
		if shares := t.shares(levels); shares != nil {
			trees = append(trees, shares)
		}
	}
	return trees
}

// centred takes the mean away, without which sums of squares keep their digits.
func centred(y []float64) []float64 {
	mean := 0.
	for _, v := range y {
		mean += v / float64(len(y))
	}
	rest := make([]float64, len(y))
	for i, v := range y {
		rest[i] = v - mean
	}
	return rest
}

// shares is nil for a tree without variance.
func (t *tree) shares(levels []int) []float64 {
	mean, square := 0., 0.
	marginals := make([][]float64, len(levels))
	for j, n := range levels {
		marginals[j] = make([]float64, n+1) // first the steps of each marginal, then their sums
	}
	for _, b := range t.boxes {
		volume := 1.
		for j, n := range levels {
			volume *= float64(b.high[j]-b.low[j]) / float64(n)
		}
		mean += volume * b.value
		square += volume * b.value * b.value
		for j, n := range levels {
			others := volume / (float64(b.high[j]-b.low[j]) / float64(n))
			marginals[j][b.low[j]] += others * b.value
			marginals[j][b.high[j]] -= others * b.value
		}
	}
	variance := square - mean*mean
	if !(variance > 1e-12*square) {
		return nil
	}
	shares := make([]float64, len(levels))
	for j, n := range levels {
		height := 0.
		for _, step := range marginals[j][:n] {
			height += step
			shares[j] += (height - mean) * (height - mean) / float64(n) / variance
		}
	}
	return shares
}

// Package measure times contenders that do the same work, in rounds taken in turn:
// what slows the machine down for a while then slows all of them.
//
//	times, err := measure.Rounds(ctx, 5, 200*time.Millisecond, []measure.Contender{
//		measure.Func("one processor", 1, step),
//		measure.Func("four processors", 4, step)})
//	fmt.Println(measure.Ratio(times[0], times[1]), "times as long")
package measure

import (
	"context"
	"math"
	"runtime"
	"slices"
	"time"
)

// most is how many times a contender does its work in a round at most.
const most = 2000

// Contender does a piece of work. Run does it again and again for about d, at
// least once, and returns how long each time took, in seconds.
type Contender struct {
	Name string
	Once bool // takes part in the first round only: it is slow
	Run  func(ctx context.Context, d time.Duration) ([]float64, error)
}

// Func returns a contender that calls do with GOMAXPROCS set to procs.
func Func(name string, procs int, do func()) Contender {
	return Contender{Name: name, Run: func(ctx context.Context, d time.Duration) ([]float64, error) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		do() // caches and processors get ready
		var times []float64
		for began := time.Now(); len(times) < most && (len(times) == 0 || time.Since(began) < d); {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			start := time.Now()
			do()
			times = append(times, time.Since(start).Seconds())
		}
		return times, nil
	}}
}

// Times is what the rounds of one contender took.
type Times struct {
	Name   string
	Rounds []float64 // the median of each round, in seconds
	Err    error     // of the contender; it takes part no more
}

// Rounds lets contenders work for d each, one after the other, as often as rounds
// says. An error of a contender is in its Times; the error of Rounds is that of
// ctx.
func Rounds(ctx context.Context, rounds int, d time.Duration, contenders []Contender) ([]Times, error) {
	all := make([]Times, len(contenders))
	for i, c := range contenders {
		all[i].Name = c.Name
	}
	for round := range rounds {
		for i, c := range contenders {
			if all[i].Err != nil || c.Once && round > 0 {
				continue
			}
			runtime.GC() // nobody pays for what the one before left
			times, err := c.Run(ctx, d)
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if err != nil {
				all[i].Err = err
				continue
			}
			all[i].Rounds = append(all[i].Rounds, Median(times))
		}
	}
	return all, nil
}

// Median returns the median of the rounds in seconds, nan where there is none.
func (t Times) Median() float64 {
	if t.Err != nil {
		return math.NaN()
	}
	return Median(t.Rounds)
}

// Min returns the quickest round in seconds, nan where there is none.
func (t Times) Min() float64 {
	if t.Err != nil || len(t.Rounds) == 0 {
		return math.NaN()
	}
	return slices.Min(t.Rounds)
}

// Ratio returns how many times as long a took as b: the median of the ratios of
// each round, so that a slow spell of the machine hardly counts. It is nan where
// one of them has no times.
func Ratio(a, b Times) float64 {
	if a.Err != nil || b.Err != nil {
		return math.NaN()
	}
	var ratios []float64
	for i := range min(len(a.Rounds), len(b.Rounds)) {
		ratios = append(ratios, a.Rounds[i]/b.Rounds[i])
	}
	return Median(ratios)
}

// Best returns the contender with the smallest median, and false where none has
// any times.
func Best(all ...Times) (best Times, ok bool) {
	for _, t := range all {
		if m := t.Median(); m == m && (!ok || m < best.Median()) {
			best, ok = t, true
		}
	}
	return best, ok
}

// Median returns the median of xs, nan when there are none. xs stays as it is.
func Median(xs []float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	xs = slices.Sorted(slices.Values(xs))
	middle := len(xs) / 2
	if len(xs)%2 == 1 {
		return xs[middle]
	}
	return (xs[middle-1] + xs[middle]) / 2
}

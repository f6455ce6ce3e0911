package main

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/report"
	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/benchmark/machine"
	"convbook/pkg/benchmark/measure"
	"convbook/pkg/benchmark/scaling"
	"convbook/pkg/internal/workers"
)

// simulated are the numbers of cores that work is simulated on.
var simulated = []int{1, 2, 4, 8, 16, 32}

// scaling simulates more cores than there are, and measures on those that are there.
func (b *bench) scaling() error {
	for _, w := range []struct {
		title string
		work  work.Work
	}{
		{assignment, work.Assignment(64, 100)},
		{book, work.Book()},
		{deep, work.Deep()},
		{assignment + ", batch of 400", work.Assignment(64, 400)},
		{deep + ", batch of 400", work.Deep().InBatches(400)},
		{evaluation, work.Evaluate(work.Assignment(64, 100), 10_000)},
	} {
		s, err := b.scale(w.work)
		if err != nil {
			return err
		}
		s.Title = w.title
		b.report.Scaling = append(b.report.Scaling, s)
	}
	return nil
}

// scale lets measured and simulated times take turns, so that both see the machine in
// the same state, and keeps the quickest rounds: others on the machine make both slower,
// nothing makes them quicker.
func (b *bench) scale(w work.Work) (s report.Scaling, err error) {
	do, another := ours.New(w).Do, ours.New(w).Do
	cores := slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(simulated), b.all()))))
	for _, n := range cores {
		s.Points = append(s.Points, report.Cores{Cores: n})
	}
	quickest := func(a *float64, seconds float64) { *a = min(cmp.Or(*a, seconds), seconds) }
	beside := 0.0
	for range b.o.rounds {
		runtime.GC()
		for i := range s.Points {
			p := &s.Points[i]
			if p.Cores > b.all() {
				continue
			}
			times, err := measure.Func("", p.Cores, do).Run(b.ctx, 2*b.o.slice)
			if err != nil {
				return s, err
			}
			quickest(&p.Measured, middle(times))
		}
		trace := scaling.RecordFor(do, 2*b.o.slice)
		if err := b.ctx.Err(); err != nil {
			return s, err
		}
		for i := range s.Points {
			quickest(&s.Points[i].Simulated, trace.Seconds(s.Points[i].Cores))
		}
		if b.all() > 1 {
			quickest(&beside, besideAnother(do, another, 2*b.o.slice))
		}
		s.Pieces = trace.Pieces()
		quickest(&s.Alone, trace.Serial())
		quickest(&s.Meeting, trace.Cost.Offer+trace.Cost.PickUp+trace.Cost.Finish)
	}
	s.Busy = beside / s.Points[0].Measured
	s.Load, _ = machine.Load()
	return s, nil
}

// besideAnother returns what do takes on one core while a second one does another piece of
// work, in seconds.
func besideAnother(do, another func(), d time.Duration) float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	workers.Share(2)
	defer workers.Share(1)
	var over atomic.Bool
	var second sync.WaitGroup
	second.Go(func() {
		for !over.Load() {
			another()
		}
	})
	do()
	var times []float64
	for began := time.Now(); len(times) == 0 || time.Since(began) < d; {
		start := time.Now()
		do()
		times = append(times, time.Since(start).Seconds())
	}
	over.Store(true)
	second.Wait()
	return middle(times)
}

// middle is the median of the quicker half: a core that is taken away for a while makes
// a whole step longer, and of the recorded pieces only one.
func middle(times []float64) float64 {
	times = slices.Sorted(slices.Values(times))
	return measure.Median(times[:(len(times)+1)/2])
}

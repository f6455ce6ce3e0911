package scaling

import (
	"math"
	"runtime"
	"slices"
	"time"

	"convbook/pkg/internal/workers"
)

// distance is what it takes about for a core to see what another one wrote, in seconds:
// the unit of all costs where there is one core and nothing can be measured.
const distance = 100e-9

// MeasureCost measures what it costs on this machine that two cores meet.
func MeasureCost() Cost {
	awake := workers.Patience
	if runtime.NumCPU() < 2 {
		return Cost{Offer: distance, PickUp: 3 * distance, Rouse: 50 * distance, Wake: 500 * distance,
			Hand: distance, Finish: 2 * distance, Awake: awake.Seconds()}
	}
	// Others on the machine make a round dearer, nothing makes it cheaper.
	const rounds = 5
	all := make([]Cost, rounds)
	for i := range all {
		time.Sleep(2 * time.Millisecond)
		alone := meet(1, 50, 0, 10*time.Microsecond)
		ready := meet(2, 100, 0, 10*time.Microsecond)
		asleep := meet(2, 15, 3*awake, 300*time.Microsecond)
		all[i] = Cost{
			Offer: max(ready.first-alone.first, 0), PickUp: ready.second, Finish: ready.returned,
			Rouse: max(asleep.first-alone.first, 0), Wake: asleep.second,
			// Each of two cores takes every second piece, and waits before it.
			Hand: max(2*handOut(2)-handOut(1), 0),
		}
	}
	least := func(of func(c Cost) float64) float64 {
		m := math.Inf(1)
		for _, c := range all {
			if x := of(c); x > 0 {
				m = min(m, x)
			}
		}
		if math.IsInf(m, 1) {
			return 0
		}
		return m
	}
	return Cost{
		Offer:  least(func(c Cost) float64 { return c.Offer }),
		PickUp: least(func(c Cost) float64 { return c.PickUp }),
		Rouse:  least(func(c Cost) float64 { return c.Rouse }),
		Wake:   least(func(c Cost) float64 { return c.Wake }),
		Hand:   least(func(c Cost) float64 { return c.Hand }),
		Finish: least(func(c Cost) float64 { return c.Finish }),
		Awake:  awake.Seconds(),
	}
}

// moments are when things happen in a meeting, in seconds.
type moments struct {
	first    float64 // the first task begins, from the call
	second   float64 // the second one does, from the first
	returned float64 // the call returns, from the end of the second task
}

// meet lets two tasks be done again and again, each time after a pause. The second takes
// longer, so that the caller waits for it.
func meet(procs, times int, pause, task time.Duration) moments {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
	var began, ended [2]time.Time
	job := workers.NewJob("meeting", func(i int) {
		began[i] = time.Now()
		spin(task * time.Duration(1+i))
		ended[i] = time.Now()
	})
	var first, second, returned []float64
	for range times {
		spin(pause)
		call := time.Now()
		job.Run(2)
		back := time.Now()
		if procs > 1 && !began[1].Before(ended[0]) {
			continue // no helper came
		}
		first = append(first, began[0].Sub(call).Seconds())
		second = append(second, began[1].Sub(began[0]).Seconds())
		returned = append(returned, back.Sub(ended[1]).Seconds())
	}
	return moments{quick(first), max(quick(second), 0), quick(returned)}
}

// handOut returns what one of many small tasks takes.
func handOut(procs int) float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
	const tasks, rounds = 200, 10
	flow := workers.NewFlow(func(int, int) { spin(time.Microsecond) })
	flow.Add("tasks", tasks)
	var times []float64
	for range rounds {
		began := time.Now()
		flow.Run()
		times = append(times, time.Since(began).Seconds()/tasks)
	}
	return slices.Min(times)
}

// spin keeps a core at work for d.
func spin(d time.Duration) {
	for began := time.Now(); time.Since(began) < d; {
	}
}

// quick returns below what a quarter of xs lies, 0 where there are none.
func quick(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(xs))[len(xs)/4]
}

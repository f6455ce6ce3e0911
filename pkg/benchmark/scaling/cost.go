package scaling

import (
	"math"
	"runtime"
	"slices"
	"time"

	"convbook/pkg/internal/workers"
)

// supposed is what a meeting costs about, where it cannot be measured: the program has one
// core, or others on the machine keep the second one busy. A core sees what another one wrote
// after a tenth of a microsecond.
var supposed = Cost{Offer: 100e-9, PickUp: 300e-9, Rouse: 5e-6, Wake: 50e-6, Hand: 100e-9, Finish: 200e-9,
	Awake: workers.Patience.Seconds()}

// MeasureCost measures what it costs on this machine that two cores meet.
func MeasureCost() Cost {
	if runtime.GOMAXPROCS(0) < 2 {
		return supposed
	}
	// Others on the machine make a round dearer, nothing makes it cheaper.
	const rounds = 5
	var offer, pickUp, rouse, wake, hand, finish []float64
	for range rounds {
		time.Sleep(2 * time.Millisecond)
		alone := meet(1, 50, 0, 10*time.Microsecond)
		ready := meet(2, 100, 0, 10*time.Microsecond)
		asleep := meet(2, 15, 3*workers.Patience, 300*time.Microsecond)
		offer, rouse = append(offer, ready.first-alone.first), append(rouse, asleep.first-alone.first)
		pickUp, wake = append(pickUp, ready.second), append(wake, asleep.second)
		finish = append(finish, ready.returned)
		// Each of two cores takes every second piece, and waits before it.
		hand = append(hand, 2*handOut(2)-handOut(1))
	}
	return Cost{
		Offer: least(offer, supposed.Offer), PickUp: least(pickUp, supposed.PickUp),
		Rouse: least(rouse, supposed.Rouse), Wake: least(wake, supposed.Wake),
		Hand: least(hand, supposed.Hand), Finish: least(finish, supposed.Finish), Awake: supposed.Awake,
	}
}

// least returns the least of the times above 0, or else what is supposed.
func least(times []float64, supposed float64) float64 {
	times = slices.DeleteFunc(times, func(t float64) bool { return !(t > 0) })
	if len(times) == 0 {
		return supposed
	}
	return slices.Min(times)
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
	return moments{quick(first), quick(second), quick(returned)}
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

// quick returns below what a quarter of xs lies, nan where there are none.
func quick(xs []float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	return slices.Sorted(slices.Values(xs))[len(xs)/4]
}

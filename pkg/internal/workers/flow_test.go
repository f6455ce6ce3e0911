package workers

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// drawnFlow adds random groups to f and returns what each waits for.
func drawnFlow(f *Flow, r *rand.Rand) (tasks []int, after [][]int) {
	f.Clear()
	for g := range 1 + r.IntN(150) {
		var before []int
		for range min(g, r.IntN(4)) {
			if a := r.IntN(g); !slices.Contains(before, a) {
				before = append(before, a)
			}
		}
		tasks, after = append(tasks, r.IntN(6)), append(after, before)
		if got := f.Add("", tasks[g], before...); got != g {
			panic("the number of a group is not how many there were")
		}
		if r.IntN(3) == 0 {
			f.Late(g)
		}
	}
	return tasks, after
}

// Every task runs once, after all that its group waits for, on any number of processors,
// with tasks that are delayed at random.
func TestFlowKeepsTheOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, procs := range []int{1, 2, 3, 8, 16, 33} {
		old := runtime.GOMAXPROCS(procs)
		var left [150]atomic.Int64
		var counts [150][6]atomic.Int64
		var after [][]int
		wrong, delay := atomic.Int64{}, atomic.Bool{}
		f := NewFlow(func(group, task int) {
			counts[group][task].Add(1)
			for _, a := range after[group] {
				if left[a].Load() != 0 {
					wrong.Add(1)
				}
			}
			if delay.Load() && (group+task)%11 == 0 {
				time.Sleep(time.Duration(group) * time.Microsecond)
			}
			left[group].Add(-1)
		})
		for run := range 40 {
			var tasks []int
			tasks, after = drawnFlow(f, r)
			delay.Store(run%4 == 0)
			for range 3 {
				for g, n := range tasks {
					left[g].Store(int64(n))
				}
				f.Run()
				for g, n := range tasks {
					for task := range 6 {
						if got, want := counts[g][task].Swap(0), int64(min(max(n-task, 0), 1)); got != want {
							t.Fatalf("%d processors: task %d of %d of group %d ran %d times, want %d", procs, task, n, g, got, want)
						}
					}
				}
			}
		}
		if n := wrong.Load(); n > 0 {
			t.Errorf("%d processors: %d tasks ran before those that they wait for had ended", procs, n)
		}
		runtime.GOMAXPROCS(old)
	}
}

// One processor does the groups in their order; a watcher sees the same, and what waits
// for what.
func TestFlowOnOneProcessorKeepsTheOrderOfGroups(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var order []int
	f := NewFlow(func(group, task int) { order = append(order, 10*group+task) })
	a := f.Add("a", 2)
	b := f.Add("b", 1, a)
	c := f.Add("c", 2, b)
	d := f.Add("d", 1, b, c)
	f.Late(b)
	want := []int{0, 1, 10, 20, 21, 30}
	f.Run()
	if !slices.Equal(order, want) {
		t.Errorf("tasks ran in the order %v, want %v", order, want)
	}
	order = nil
	var seen []Meeting
	stop := Watch(func(m Meeting) { seen = append(seen, m) })
	f.Run()
	stop()
	if !slices.Equal(order, want) {
		t.Errorf("before a watcher tasks ran in the order %v, want %v", order, want)
	}
	if len(seen) != 1 || len(seen[0].Groups) != 4 {
		t.Fatalf("the watcher saw %+v, want one meeting of four groups", seen)
	}
	if g := seen[0].Groups[d]; g.Name != "d" || !slices.Equal(g.After, []int{b, c}) || g.Late || len(g.Tasks) != 1 || !seen[0].Groups[b].Late {
		t.Errorf("the watcher saw %+v", seen[0].Groups)
	}
}

func TestFlowAllocatesNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	sum := atomic.Int64{}
	f := NewFlow(func(group, task int) { sum.Add(1) })
	build := func() {
		f.Clear()
		first := f.Add("", 3)
		for range 80 {
			f.Add("", 3, first)
		}
	}
	build()
	f.Run()
	if got := testing.AllocsPerRun(50, func() { build(); f.Run() }); got != 0 {
		t.Errorf("a run allocates %v times, want 0", got)
	}
}

// A task that panics ends the run with its value, whoever waits for it, and the flow can
// be run again.
func TestFlowPanicsWithTheTasksValue(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	bad := atomic.Bool{}
	ran := atomic.Int64{}
	f := NewFlow(func(group, task int) {
		if group == 1 && task == 1 && bad.Load() {
			time.Sleep(time.Millisecond) // those that wait for it fall asleep
			panic("task one")
		}
		ran.Add(1)
	})
	a := f.Add("", 4)
	b := f.Add("", 2, a)
	f.Add("", 5, b)
	for range 20 {
		bad.Store(true)
		func() {
			defer func() {
				if got := recover(); got != "task one" {
					t.Fatalf("Run panicked with %v, want the task's value", got)
				}
			}()
			f.Run()
			t.Fatal("Run returned although a task panicked")
		}()
		bad.Store(false)
		ran.Store(0)
		f.Run()
		if got := ran.Load(); got != 11 {
			t.Fatalf("after a panic %d of 11 tasks ran", got)
		}
	}
}

// Few processors take a bundle of tasks at once, and all tasks are done once.
func TestBundle(t *testing.T) {
	for _, processors := range []int{1, 2, 3, 8} {
		before := runtime.GOMAXPROCS(processors)
		var done [10]atomic.Int64
		var by [10]atomic.Int64
		var takers atomic.Int64
		f := NewFlow(func(_, task int) {
			done[task].Add(1)
			if task%4 == 0 {
				by[task].Store(takers.Add(1))
			}
			time.Sleep(100 * time.Microsecond)
			if processors < many && task%4 > 0 && by[task/4*4].Load() == 0 {
				t.Errorf("on %d processors task %d runs before the first of its bundle", processors, task)
			}
		})
		f.Bundle(f.Add("a", 10), 4)
		f.Run()
		for task := range done {
			if n := done[task].Load(); n != 1 {
				t.Errorf("on %d processors task %d ran %d times", processors, task, n)
			}
		}
		runtime.GOMAXPROCS(before)
	}
}

// Few processors are fewer than Many, and one who watches counts as many.
func TestFew(t *testing.T) {
	for _, procs := range []int{1, 2, Many - 1, Many, 16} {
		before := runtime.GOMAXPROCS(procs)
		if got := Few(); got != (procs < Many) {
			t.Errorf("%d processors are few: %v", procs, got)
		}
		stop := Watch(func(Meeting) {})
		if Few() {
			t.Errorf("%d processors are few while somebody watches", procs)
		}
		stop()
		runtime.GOMAXPROCS(before)
	}
}

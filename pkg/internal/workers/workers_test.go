package workers

import (
	"runtime"
	"sync/atomic"
	"testing"
)

func TestRunDoesEveryTaskOnce(t *testing.T) {
	for _, procs := range []int{1, 2, 3, 8} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		var counts [100]atomic.Int64
		job := NewJob(func(task int) { counts[task].Add(1) })
		runs := [101]int64{}
		for n := range len(counts) + 1 {
			job.Run(n)
			for i := range n {
				runs[i]++
			}
			for i := range counts {
				if got := counts[i].Load(); got != runs[i] {
					t.Fatalf("%d procs, after Run(%d): task %d ran %d times, want %d", procs, n, i, got, runs[i])
				}
			}
		}
	}
}

func TestShareDividesTheProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	defer Share(1)
	for _, c := range []struct{ callers, want int }{{1, 4}, {2, 2}, {3, 1}, {4, 1}, {9, 1}, {0, 4}} {
		Share(c.callers)
		if got := processors(); got != c.want {
			t.Errorf("%d callers on 4 processors: %d each, want %d", c.callers, got, c.want)
		}
	}
	Share(4)
	goroutines := make(map[int64]bool) // one goroutine: no lock is needed
	NewJob(func(int) { goroutines[int64(len(goroutines))] = true }).Run(50)
	if len(goroutines) != 50 {
		t.Errorf("%d of 50 tasks ran", len(goroutines))
	}
}

func TestRunAllocatesNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	var sum atomic.Int64
	job := NewJob(func(task int) { sum.Add(1) })
	job.Run(8)
	if got := testing.AllocsPerRun(100, func() { job.Run(8) }); got != 0 {
		t.Errorf("Run allocates %v times, want 0", got)
	}
}

func TestRunPanicsWithTheTasksValue(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	job := NewJob(func(task int) {
		if task == 5 {
			panic("task five")
		}
	})
	for range 100 {
		func() {
			defer func() {
				if got := recover(); got != "task five" {
					t.Fatalf("Run panicked with %v, want the task's value", got)
				}
			}()
			job.Run(20)
			t.Fatal("Run returned although a task panicked")
		}()
	}
	ran := atomic.Int64{}
	job = NewJob(func(int) { ran.Add(1) })
	job.Run(10)
	if ran.Load() != 10 {
		t.Errorf("after a panic elsewhere %d of 10 tasks ran", ran.Load())
	}
}

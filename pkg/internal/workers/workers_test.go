package workers

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestRunDoesEveryTaskOnce(t *testing.T) {
	for _, procs := range []int{1, 2, 3, 8} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		var counts [100]atomic.Int64
		job := NewJob("", func(task int) { counts[task].Add(1) })
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
		if got := Processors(); got != c.want {
			t.Errorf("%d callers on 4 processors: %d each, want %d", c.callers, got, c.want)
		}
	}
	Share(4)
	goroutines := make(map[int64]bool) // one goroutine: no lock is needed
	NewJob("", func(int) { goroutines[int64(len(goroutines))] = true }).Run(50)
	if len(goroutines) != 50 {
		t.Errorf("%d of 50 tasks ran", len(goroutines))
	}
}

func TestRunAllocatesNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	var sum atomic.Int64
	job := NewJob("", func(task int) { sum.Add(1) })
	job.Run(8)
	if got := testing.AllocsPerRun(100, func() { job.Run(8) }); got != 0 {
		t.Errorf("Run allocates %v times, want 0", got)
	}
}

func TestRunPanicsWithTheTasksValue(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	job := NewJob("", func(task int) {
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
	job = NewJob("", func(int) { ran.Add(1) })
	job.Run(10)
	if ran.Load() != 10 {
		t.Errorf("after a panic elsewhere %d of 10 tasks ran", ran.Load())
	}
}

// A helper that is at work for somebody else, or that the system does not let run, is
// not waited for.
func TestRunWaitsForNobodyWhoHasNotBegun(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	begun, end := make(chan struct{}), make(chan struct{})
	long := NewJob("", func(int) {
		begun <- struct{}{}
		<-end
	})
	over := make(chan struct{})
	go func() {
		long.Run(4)
		close(over)
	}()
	for range 4 {
		<-begun
	}
	ran := atomic.Int64{}
	NewJob("", func(int) { ran.Add(1) }).Run(50)
	if ran.Load() != 50 {
		t.Errorf("%d of 50 tasks ran while all helpers were at work elsewhere", ran.Load())
	}
	close(end)
	<-over
}

// Many callers, many jobs, tasks that take more or less long, more goroutines than
// processors: every task runs once.
func TestRunsAtTheSameTime(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(16))
	failed := atomic.Int64{}
	var all sync.WaitGroup
	for caller := range 6 {
		all.Go(func() {
			draw := rand.New(rand.NewPCG(uint64(caller), 1))
			counts := make([]atomic.Int64, 40)
			job := NewJob("", func(task int) {
				if (task*7+caller)%5 == 0 {
					time.Sleep(time.Duration(task) * time.Microsecond)
				}
				counts[task].Add(1)
			})
			sum := make([]int64, len(counts))
			for range 60 {
				n := draw.IntN(len(counts) + 1)
				job.Run(n)
				for i := range n {
					sum[i]++
				}
				if draw.IntN(20) == 0 {
					time.Sleep(300 * time.Microsecond) // the helpers fall asleep
				}
			}
			for i := range counts {
				if counts[i].Load() != sum[i] {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if n := failed.Load(); n > 0 {
		t.Errorf("%d tasks did not run as often as they were asked for", n)
	}
}

// Callers that share the processors find helpers each, not those of one among them.
func TestCallersHaveHelpersEach(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(6))
	defer Share(1)
	Share(3)
	old := pool.helpers.Swap(nil)
	defer pool.helpers.Store(old)
	var together, over sync.WaitGroup
	together.Add(6)
	for range 3 {
		over.Go(func() {
			NewJob("", func(int) {
				together.Done()
				together.Wait() // for the tasks of all callers
			}).Run(2)
		})
	}
	all := make(chan struct{})
	go func() { over.Wait(); close(all) }()
	select {
	case <-all:
	case <-time.After(time.Minute):
		t.Fatal("three callers on six processors do not run two tasks each at the same time")
	}
}

// Helpers that sleep are roused, by the caller and by each other: as many tasks run at the
// same time as there are processors.
func TestSleepersAreRoused(t *testing.T) {
	const procs = 24
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
	for range 5 {
		time.Sleep(5 * Patience) // they fall asleep
		var there sync.WaitGroup
		there.Add(procs)
		all := make(chan struct{})
		go func() {
			there.Wait()
			close(all)
		}()
		NewJob("", func(int) {
			there.Done()
			select {
			case <-all:
			case <-time.After(time.Minute):
				t.Error("not all processors have come within a minute")
			}
		}).Run(procs)
		if t.Failed() {
			return
		}
	}
}

// Who waits lets others have the processor where there are more of them than processors, and
// nowhere else.
func TestACrowdYields(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("skipped: needs two processors")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	job := NewJob("", func(int) {})
	for _, c := range []struct {
		procs int
		crowd bool
	}{{runtime.NumCPU() + 1, true}, {runtime.NumCPU(), false}, {8 * runtime.NumCPU(), true}, {2, false}} {
		runtime.GOMAXPROCS(c.procs)
		job.Run(4)
		if got := crowded.Load(); got != c.crowd {
			t.Errorf("%d on %d processors are a crowd: %v, want %v", c.procs, runtime.NumCPU(), got, c.crowd)
		}
	}
}

// Package workers runs numbered tasks on all processors with goroutines that
// stay alive between calls, so that a training step costs no start-up.
//
// Which goroutine runs a task, and in what order tasks run, is left open.
// Callers that want the same bits for any number of processors must write
// results by task number and combine them in a fixed order afterwards.
package workers

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Job is a set of tasks to be run again and again. Its Run allocates nothing.
// A Job serves one caller at a time.
type Job struct {
	do    func(task int)
	tasks int64
	next  atomic.Int64

	working atomic.Int64  // helpers that have not come to their end
	done    chan struct{} // receives when the last of them has

	panicked atomic.Pointer[any]
}

// NewJob returns a job whose tasks are calls of do.
func NewJob(do func(task int)) *Job { return &Job{do: do, done: make(chan struct{}, 1)} }

var pool struct {
	sync.Mutex
	jobs    chan *Job
	helpers int
}

// callers is among how many callers of Run the processors are divided.
var callers atomic.Int64

// Share divides the processors among n callers of Run that work at the same
// time: from now on each uses GOMAXPROCS/n of them, at least one. 1 gives all to
// every caller, as it is in the beginning.
func Share(n int) { callers.Store(int64(n)) }

func processors() int {
	return max(runtime.GOMAXPROCS(0)/max(int(callers.Load()), 1), 1)
}

// Run calls do with 0, 1, …, tasks-1 on as many processors as GOMAXPROCS and
// Share allow, and returns when all calls have. When one panics, no more tasks begin
// and Run panics with the same value.
func (j *Job) Run(tasks int) {
	helpers := min(processors(), tasks) - 1
	j.tasks = int64(tasks)
	j.next.Store(0)
	if helpers > 0 {
		j.working.Store(int64(helpers))
		jobs := hire(helpers)
		for range helpers {
			jobs <- j
		}
	}
	j.work()
	if helpers > 0 {
		receive(j.done)
	}
	if value := j.panicked.Swap(nil); value != nil {
		panic(*value)
	}
}

// hire makes sure that at least n helpers wait for jobs.
func hire(n int) chan *Job {
	pool.Lock()
	defer pool.Unlock()
	if pool.jobs == nil {
		pool.jobs = make(chan *Job, 64)
	}
	for ; pool.helpers < n; pool.helpers++ {
		go func() {
			for {
				j := receive(pool.jobs)
				j.work()
				if j.working.Add(-1) == 0 {
					j.done <- struct{}{}
				}
			}
		}()
	}
	return pool.jobs
}

// patience is how long a goroutine that waits stays awake. The jobs of a training
// step follow each other within less; to wake a sleeping thread takes the system
// as long as a tenth of a step.
const patience = 100 * time.Microsecond

// receive is <-c, awake at first.
func receive[T any](c chan T) T {
	for began := time.Now(); len(c) == 0 && time.Since(began) < patience; {
		for i := 0; i < 100 && len(c) == 0; i++ {
		}
	}
	return <-c
}

func (j *Job) work() {
	defer j.rescue()
	for {
		task := j.next.Add(1) - 1
		if task >= j.tasks {
			return
		}
		j.do(int(task))
	}
}

func (j *Job) rescue() {
	if value := recover(); value != nil {
		first := value
		j.panicked.CompareAndSwap(nil, &first)
		j.next.Store(j.tasks)
	}
}

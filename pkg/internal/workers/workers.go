// Package workers runs numbered tasks on all processors with goroutines that
// stay alive between calls, so that a training step costs no start-up.
//
// Which goroutine runs a task, and in what order tasks run, is left open.
// Callers that want the same bits for any number of processors must write
// results by task number and combine them in a fixed order afterwards.
package workers

import (
	"runtime"
	"sync/atomic"

	"convbook/pkg/internal/rethrow"
)

// Job is a set of tasks to be run again and again. Its Run allocates nothing.
// A Job serves one caller at a time.
type Job struct {
	name  string
	do    func(task int)
	flow  *Flow // whose tasks this runs, where it is not nil
	tasks int64
	next  atomic.Int64

	offered  []*helper     // that were asked in this run
	sleepers []*helper     // of them, those that must be roused
	sleeping atomic.Int64  // how many these are, once that is known
	roused   atomic.Int64  // of them
	finished atomic.Int64  // of them, those that began and have come to their end
	done     chan struct{} // wakes a caller that sleeps
	sleeps   atomic.Bool   // the caller does

	panicked atomic.Pointer[any]
}

// NewJob returns a job whose tasks are calls of do. Its name is for Watch.
func NewJob(name string, do func(task int)) *Job {
	return &Job{name: name, do: do, done: make(chan struct{}, 1)}
}

// callers is among how many callers of Run the processors are divided.
var callers atomic.Int64

// Share divides the processors among n callers of Run that work at the same
// time: from now on each uses GOMAXPROCS/n of them, at least one. 1 gives all to
// every caller, as it is in the beginning.
func Share(n int) { callers.Store(int64(n)) }

// Processors returns on how many processors a caller's tasks run at the same time.
func Processors() int {
	return max(runtime.GOMAXPROCS(0)/max(int(callers.Load()), 1), 1)
}

// Run calls do with 0, 1, …, tasks-1 on as many processors as GOMAXPROCS and
// Share allow, and returns when all calls have. When one panics, no more tasks begin
// and Run panics with the same value, or with a *rethrow.Panic of it when the program's
// own lines were on the way.
//
// A helper that the system has not let run until all tasks are taken is not waited
// for: a busy machine costs a helper, and no time.
func (j *Job) Run(tasks int) {
	if see := watcher.Load(); see != nil && j.flow == nil {
		j.watched(tasks, *see)
		return
	}
	j.tasks = int64(tasks)
	j.next.Store(0)
	j.finished.Store(0)
	j.offer(min(Processors(), tasks) - 1)
	j.work()
	j.wait()
	if value := j.panicked.Swap(nil); value != nil {
		panic(*value)
	}
}

// work does tasks until none is left.
func (j *Job) work() {
	defer j.rescue()
	if j.flow != nil {
		j.flow.work()
		return
	}
	for {
		task := j.next.Add(1) - 1
		if task >= j.tasks {
			return
		}
		disturbed()
		j.do(int(task))
	}
}

func (j *Job) rescue() {
	if value := recover(); value != nil {
		first := rethrow.Value(value, "workers.(*Job).work")
		j.panicked.CompareAndSwap(nil, &first)
		j.next.Store(j.tasks)
		if j.flow != nil {
			j.flow.stop()
		}
	}
}

// offer asks up to n helpers that have nothing to do.
func (j *Job) offer(n int) {
	j.offered, j.sleepers = j.offered[:0], j.sleepers[:0]
	j.sleeping.Store(0)
	j.roused.Store(0)
	if n <= 0 {
		return
	}
	most := runtime.GOMAXPROCS(0)
	if crowd := most > runtime.NumCPU(); crowded.Load() != crowd {
		crowded.Store(crowd)
	}
	// Others may keep theirs busy, who share the processors.
	for _, h := range hire(most - 1) {
		idle, sleeps := h.take(j)
		if !idle {
			continue
		}
		if sleeps {
			j.sleepers = append(j.sleepers, h)
		}
		if j.offered = append(j.offered, h); len(j.offered) == n {
			break
		}
	}
	j.sleeping.Store(int64(len(j.sleepers)))
	j.rouse(CallerRouses)
}

// The caller rouses a few helpers that sleep, and each helper that begins rouses others:
// to call the system for all of them would take the caller longer than a piece of work.
const (
	CallerRouses = 4
	HelperRouses = 2
)

// rouse rouses up to n helpers that nobody has roused.
func (j *Job) rouse(n int) {
	for n > 0 {
		next := j.roused.Load()
		if next >= j.sleeping.Load() {
			return
		}
		if j.roused.CompareAndSwap(next, next+1) {
			j.sleepers[next].rouse()
			n--
		}
	}
}

// wait returns when no helper is at work on the job any more.
func (j *Job) wait() {
	began := int64(0)
	for _, h := range j.offered {
		if !h.withdraw(j) {
			began++
		}
	}
	all := func() bool { return j.finished.Load() == began }
	if began == 0 || awake(all) {
		return
	}
	j.sleeps.Store(true)
	for !all() {
		<-j.done
	}
	j.sleeps.Store(false)
}

// finish says that a helper has come to its end.
func (j *Job) finish() {
	j.finished.Add(1)
	if j.sleeps.Load() {
		select {
		case j.done <- struct{}{}:
		default: // it is about to wake
		}
	}
}

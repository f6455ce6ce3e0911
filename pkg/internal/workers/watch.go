package workers

import (
	"sync/atomic"
	"time"
)

// Group is some tasks of a meeting that may run at the same time.
type Group struct {
	Name string
	// After are the groups of the same meeting, all of them earlier ones, whose tasks must
	// have ended before one of this group begins.
	After []int
	Tasks []time.Duration // how long each took, in the order in which they are handed out
}

// Meeting is what Watch tells of a call of Run. Groups are handed out in their order, too:
// a processor that has nothing to do takes the next task, and waits until it may begin.
type Meeting struct {
	Began, Ended time.Time
	Groups       []Group
}

var watcher atomic.Pointer[func(Meeting)]

// Watch calls see after each call of Run, on the goroutine of its caller, until stop is
// called. Meanwhile Run does all tasks itself, one after another, and so what each takes is
// what it takes on one processor. What a caller does between two meetings, from Ended of one
// to Began of the next, it does alone: that is the serial part of its work. Watching is for
// one goroutine that runs jobs while nobody else does.
//
// A run that nobody watches pays one load from memory.
func Watch(see func(Meeting)) (stop func()) {
	watcher.Store(&see)
	return func() { watcher.Store(nil) }
}

// watched does the tasks for a watcher.
func (j *Job) watched(tasks int, see func(Meeting)) {
	m := Meeting{Groups: []Group{{Name: j.name, Tasks: make([]time.Duration, tasks)}}}
	m.Began = time.Now()
	last := m.Began
	for i := range tasks {
		j.do(i)
		now := time.Now()
		m.Groups[0].Tasks[i] = now.Sub(last)
		last = now
	}
	m.Ended = last
	see(m)
}

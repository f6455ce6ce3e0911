package workers

import (
	"slices"
	"sync/atomic"
	"time"
)

// Group is some tasks of a meeting that may run at the same time.
type Group struct {
	Name string
	// After are the groups of the same meeting that must have ended before a task of this
	// one begins.
	After []int
	Late  bool            // see Flow.Late
	Tasks []time.Duration // how long each took, in the order in which they are handed out
}

// Meeting is what Watch tells of a call of Run, of a Job or a Flow. A processor that has
// nothing to do takes the first task that may begin, in the order of the groups; Many
// processors and more take one of a late group only where no other may begin.
type Meeting struct {
	Began, Ended time.Time
	Groups       []Group
}

// Many is from how many processors on late groups come after the others.
const Many = many

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

var disturber atomic.Pointer[func()]

// Disturb calls f on each processor before each task, until stop is called: a test in which
// f takes random times sees that results do not depend on who is quick.
func Disturb(f func()) (stop func()) {
	disturber.Store(&f)
	return func() { disturber.Store(nil) }
}

func disturbed() {
	if f := disturber.Load(); f != nil {
		(*f)()
	}
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

// watched does the same.
func (f *Flow) watched(see func(Meeting)) {
	m := Meeting{}
	for i := range f.groups {
		g := &f.groups[i]
		late := f.late[i/64]>>(i%64)&1 == 1
		m.Groups = append(m.Groups, Group{g.name, slices.Clone(g.after), late, make([]time.Duration, g.tasks)})
	}
	m.Began = time.Now()
	last := m.Began
	f.patient = true // one task at a time
	for group, task, _ := f.first(false); group >= 0; group, task, _ = f.first(false) {
		f.do(group, task)
		if f.groups[group].left.Add(-1) == 0 {
			f.end(group)
		}
		now := time.Now()
		m.Groups[group].Tasks[task] = now.Sub(last)
		last = now
	}
	m.Ended = last
	see(m)
}

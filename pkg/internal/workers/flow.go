package workers

import (
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// Flow is groups of tasks of which some wait for others, to be run again and again in one
// meeting: a task begins when all that it waits for has ended, and nobody waits for more.
// Its Run allocates nothing. A Flow serves one caller at a time.
type Flow struct {
	do     func(group, task int)
	job    *Job
	groups []flowGroup
	tasks  int

	ready     []atomic.Uint64 // a bit for each group that has begun and has tasks left
	late      []uint64        // a bit for each group that Late was called for
	unclaimed atomic.Int64    // tasks that nobody has begun
	patient   bool            // late groups wait for the others in this run, and bundles are opened

	asleep atomic.Int64 // who waits on more
	mu     sync.Mutex
	more   sync.Cond
}

// flowGroup is one group. What changes in a run has lines of the cache of its own.
type flowGroup struct {
	name      string
	tasks     int
	bundle    int // tasks that few processors take at once
	after     []int
	followers []int

	_     [64]byte
	next  atomic.Int64 // task to be begun
	left  atomic.Int64 // tasks that have not ended
	waits atomic.Int64 // groups that have not ended
	_     [64]byte
}

// many is from how many processors on the late groups wait for the others: fewer gain
// more where a task finds in the cache what those before it left there.
const many = 5

// Few says whether a caller has so few processors that bundles are taken at once and late
// groups do not wait; not for one who watches, who wants to know what many would do.
func Few() bool { return Processors() < many && watcher.Load() == nil }

// NewFlow returns a flow without groups, whose tasks are calls of do.
func NewFlow(do func(group, task int)) *Flow {
	f := &Flow{do: do, job: NewJob("", nil)}
	f.more.L = &f.mu
	f.job.flow = f
	return f
}

// Clear removes all groups. The memory of them stays.
func (f *Flow) Clear() { f.groups, f.tasks = f.groups[:0], 0 }

// Add adds a group that begins when those given have ended, and returns its number:
// 0, 1, ….
//
// A processor takes the first task that may begin, in the order of the groups. One
// processor on its own therefore does them in that order, where each group comes after
// those it waits for.
func (f *Flow) Add(name string, tasks int, after ...int) int {
	g := len(f.groups)
	f.groups = slices.Grow(f.groups, 1)[:g+1]
	group := &f.groups[g]
	group.name, group.tasks, group.bundle = name, tasks, 1
	group.after, group.followers = append(group.after[:0], after...), group.followers[:0]
	for _, a := range after {
		f.groups[a].followers = append(f.groups[a].followers, g)
	}
	f.tasks += tasks
	words := g/64 + 1
	if len(f.ready) < words {
		f.ready, f.late = make([]atomic.Uint64, words), append(f.late, 0)
	}
	f.late[g/64] &^= 1 << (g % 64)
	return g
}

// Late says of a group that nothing long waits for it: many processors take its tasks
// where no other group has any.
func (f *Flow) Late(group int) { f.late[group/64] |= 1 << (group % 64) }

// Bundle says of a group that size tasks that follow each other, from 0 on, read and write
// the same: few processors take them at once, so that what one brings into its cache is not
// brought into another's as well.
func (f *Flow) Bundle(group, size int) { f.groups[group].bundle = max(size, 1) }

// Run runs all tasks, as Job.Run does.
func (f *Flow) Run() {
	f.unclaimed.Store(int64(f.tasks))
	for w := range f.ready {
		f.ready[w].Store(0)
	}
	for i := range f.groups {
		g := &f.groups[i]
		g.next.Store(0)
		g.left.Store(int64(g.tasks))
		g.waits.Store(int64(len(g.after)))
	}
	for i := range f.groups {
		if len(f.groups[i].after) == 0 {
			f.begin(i)
		}
	}
	if see := watcher.Load(); see != nil {
		f.watched(*see)
		return
	}
	f.patient = Processors() >= many
	f.job.Run(f.tasks)
}

// work does tasks until none is left.
func (f *Flow) work() {
	for {
		group, task, end := f.claim()
		if group < 0 {
			return
		}
		for ; task < end && f.job.panicked.Load() == nil; task++ {
			disturbed()
			f.do(group, task)
			if f.groups[group].left.Add(-1) == 0 {
				f.end(group)
			}
		}
	}
}

// begin lets the tasks of a group be taken.
func (f *Flow) begin(group int) {
	if f.groups[group].tasks == 0 {
		f.end(group)
		return
	}
	f.ready[group/64].Or(1 << (group % 64))
	f.wake()
}

// end begins the groups that waited for this one alone.
func (f *Flow) end(group int) {
	for _, g := range f.groups[group].followers {
		if f.groups[g].waits.Add(-1) == 0 {
			f.begin(g)
		}
	}
}

// claim returns tasks that may begin, from task to end, or a group of -1 when nobody needs
// to begin any more.
func (f *Flow) claim() (group, task, end int) {
	for f.unclaimed.Load() > 0 {
		if f.patient {
			if group, task, end = f.first(true); group >= 0 {
				return group, task, end
			}
		}
		if group, task, end = f.first(false); group >= 0 {
			return group, task, end
		}
		if !awake(f.stirs) {
			f.sleep()
		}
	}
	return -1, 0, 0
}

// first returns the first tasks that may begin, where there are some: of the groups that
// are not late, or of all.
func (f *Flow) first(early bool) (group, task, end int) {
	for w := range (len(f.groups) + 63) / 64 {
		word := f.ready[w].Load()
		if early {
			word &^= f.late[w]
		}
		for ; word != 0; word &= word - 1 {
			group := w*64 + bits.TrailingZeros64(word)
			g := &f.groups[group]
			bundle := 1
			if !f.patient {
				bundle = g.bundle
			}
			task := int(g.next.Add(int64(bundle))) - bundle
			if task >= g.tasks {
				continue
			}
			end := min(task+bundle, g.tasks)
			if end == g.tasks {
				f.ready[w].And(^(uint64(1) << (group % 64)))
			}
			if f.unclaimed.Add(int64(task-end)) == 0 {
				f.wake()
			}
			return group, task, end
		}
	}
	return -1, 0, 0
}

// stirs says whether there is something to do, or nothing ever will be.
func (f *Flow) stirs() bool {
	if f.unclaimed.Load() <= 0 {
		return true
	}
	for w := range (len(f.groups) + 63) / 64 {
		if f.ready[w].Load() != 0 {
			return true
		}
	}
	return false
}

func (f *Flow) sleep() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asleep.Add(1)
	for !f.stirs() {
		f.more.Wait()
	}
	f.asleep.Add(-1)
}

func (f *Flow) wake() {
	if f.asleep.Load() > 0 {
		f.mu.Lock()
		f.more.Broadcast()
		f.mu.Unlock()
	}
}

// stop lets nobody begin a task any more.
func (f *Flow) stop() {
	f.unclaimed.Store(0)
	f.wake()
}

package workers

import (
	"sync"
	"sync/atomic"
	"time"
)

// helper is a goroutine that waits for jobs. Each has a place of its own where jobs
// are put, on its own lines of the cache: to ask many costs the caller no more than a
// few stores, where one queue for all would have them wait for each other.
type helper struct {
	_      [128]byte
	job    atomic.Pointer[Job] // nil: idle; taken: at work; else what it is asked to do
	asleep atomic.Bool
	wake   chan struct{}
	_      [128]byte
}

// taken stands for a job that has been begun.
var taken = new(Job)

var pool struct {
	sync.Mutex
	helpers atomic.Pointer[[]*helper] // all of them, the first the most busy
}

// hire makes sure that there are at least n helpers, and returns all.
func hire(n int) []*helper {
	if all := pool.helpers.Load(); all != nil && len(*all) >= n {
		return *all
	}
	pool.Lock()
	defer pool.Unlock()
	var all []*helper
	if old := pool.helpers.Load(); old != nil {
		all = append(all, *old...)
	}
	for len(all) < n {
		h := &helper{wake: make(chan struct{}, 1)}
		go h.live()
		all = append(all, h)
	}
	pool.helpers.Store(&all)
	return all
}

// take offers a job to the helper, and says whether it had nothing else to do. One that
// sleeps must be roused.
func (h *helper) take(j *Job) (idle, sleeps bool) {
	if h.job.Load() != nil || !h.job.CompareAndSwap(nil, j) {
		return false, false
	}
	return true, h.asleep.Load()
}

func (h *helper) rouse() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// withdraw takes an offer back, and says whether the helper had not begun.
func (h *helper) withdraw(j *Job) bool { return h.job.CompareAndSwap(j, nil) }

func (h *helper) live() {
	for {
		j := h.receive()
		if !h.job.CompareAndSwap(j, taken) {
			continue // it was withdrawn
		}
		j.rouse(HelperRouses)
		j.work()
		h.job.Store(nil) // first, so that the caller's next job finds it idle
		j.finish()
	}
}

// receive returns the next job, which may have been withdrawn.
func (h *helper) receive() (j *Job) {
	offered := func() bool {
		j = h.job.Load()
		return j != nil
	}
	for !awake(offered) {
		h.asleep.Store(true)
		if !offered() {
			<-h.wake
		}
		h.asleep.Store(false)
	}
	return j
}

// Patience is how long a goroutine that waits stays awake. The jobs of a training
// step follow each other within less; to wake a sleeping thread takes the system
// as long as a tenth of a step.
const Patience = 100 * time.Microsecond

// crowded says that there are more of us than processors: the one that is waited for may
// want the processor of the one who waits.
var crowded atomic.Bool

// awake waits for a while without sleeping, and says whether what it waited for is so.
func awake(is func() bool) bool {
	if is() {
		return true
	}
	for began := time.Now(); time.Since(began) < Patience; {
		for range 100 {
			if is() {
				return true
			}
		}
		if crowded.Load() {
			yield()
		}
	}
	return false
}

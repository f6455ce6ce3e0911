package sweep

import (
	"context"
	"sync"

	"convbook/pkg/internal/workers"
)

// slots lets so many trials run at the same time, and divides the processors among
// those that do.
type slots struct {
	free chan struct{}

	mu    sync.Mutex
	taken int
}

func newSlots(n int) *slots { return &slots{free: make(chan struct{}, n)} }

// take waits for a slot; it is false when ctx ends before there is one.
func (s *slots) take(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case s.free <- struct{}{}:
		s.count(1)
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *slots) give() {
	s.count(-1)
	<-s.free
}

func (s *slots) count(change int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken += change
	workers.Share(max(s.taken, 1))
}

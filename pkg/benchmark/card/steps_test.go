package card

import (
	"testing"
	"time"

	"convbook/pkg/internal/device"
)

// queue is a plan whose steps take a while, of which it lets many be enqueued.
type queue struct {
	device.Plan
	flying, done int
}

func (q *queue) Step([]int, []float32, bool) error { q.flying++; return nil }

func (q *queue) Loss() (float64, error) {
	time.Sleep(time.Millisecond)
	q.flying, q.done = q.flying-1, q.done+1
	return 0, nil
}

func (q *queue) Ahead() int { return 16 }

// A round counts the steps that it has waited for, and no step is left to the next one.
func TestStepTime(t *testing.T) {
	q := new(queue)
	ms, err := StepTime(q, 10, 100, time.Nanosecond, 3)
	if err != nil || ms < 1 {
		t.Errorf("a step of a millisecond takes %v ms, %v", ms, err)
	}
	if q.flying != 0 || q.done != 3*(3+1) {
		t.Errorf("%d steps were waited for, %d were not", q.done, q.flying)
	}
}

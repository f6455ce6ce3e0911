package workers

import (
	"slices"
	"testing"
	"time"
)

// A watcher is told what every task took, in their order, and what lies between two runs.
func TestWatchTellsWhatTasksTake(t *testing.T) {
	var order []int
	job := NewJob("sleep", func(task int) {
		order = append(order, task)
		time.Sleep(time.Duration(task) * time.Millisecond)
	})
	var seen []Meeting
	stop := Watch(func(m Meeting) { seen = append(seen, m) })
	job.Run(4)
	time.Sleep(5 * time.Millisecond)
	job.Run(2)
	stop()
	job.Run(1)
	if want := []int{0, 1, 2, 3, 0, 1, 0}; !slices.Equal(order, want) {
		t.Errorf("tasks ran in the order %v, want %v", order, want)
	}
	if len(seen) != 2 {
		t.Fatalf("%d meetings were seen, want the two before stop", len(seen))
	}
	if g := seen[0].Groups; len(g) != 1 || g[0].Name != "sleep" || len(g[0].Tasks) != 4 || len(g[0].After) != 0 {
		t.Fatalf("the first meeting is %+v, want one group of four tasks", seen[0])
	}
	for task, took := range seen[0].Groups[0].Tasks {
		if least := time.Duration(task) * time.Millisecond; took < least {
			t.Errorf("task %d took %v, want at least %v", task, took, least)
		}
	}
	if alone := seen[1].Began.Sub(seen[0].Ended); alone < 5*time.Millisecond {
		t.Errorf("between the meetings lie %v, want at least 5ms", alone)
	}
}

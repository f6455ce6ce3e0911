package scaling

import (
	"math"
	"runtime"
	"testing"
	"time"

	"convbook/pkg/internal/workers"
)

// Pieces that sleep need no core: any machine runs as many at a time as GOMAXPROCS says.
// So the pool's own order is held against the simulated one on more cores than there are.
func TestTheSimulationIsWhatThePoolDoes(t *testing.T) {
	const unit = 6 * time.Millisecond
	lengths := [][]int{{2, 2, 2, 2, 2}, {2, 2}, {4, 4}, {1, 1, 1, 1}, {1, 3}}
	flow := workers.NewFlow(func(group, task int) { time.Sleep(time.Duration(lengths[group][task]) * unit) })
	add := func(group int, after ...int) { flow.Add("group", len(lengths[group]), after...) }
	add(0)
	add(1)
	add(2, 1)
	add(3, 2)
	add(4, 0)
	flow.Late(0)
	job := workers.NewJob("job", func(task int) { time.Sleep(time.Duration(1+task%3) * unit) })
	work := func() {
		flow.Run()
		time.Sleep(unit)
		job.Run(13)
	}
	trace := RecordFor(work, 0)
	for _, cores := range []int{1, 2, 3, 4, 5, 8, 16} {
		want := trace.Seconds(cores)
		best := math.Inf(1)
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
			for try := 1; try <= 3 || try <= 60 && best > 1.1*want; try++ {
				began := time.Now()
				work()
				best = min(best, time.Since(began).Seconds())
			}
		}()
		if math.Abs(best-want) >= 0.1*want {
			t.Errorf("%d cores take %.1f ms, simulated %.1f", cores, 1e3*best, 1e3*want)
		}
		t.Logf("%d cores: %.1f ms, simulated %.1f", cores, 1e3*best, 1e3*want)
	}
}

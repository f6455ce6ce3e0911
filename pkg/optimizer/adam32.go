package optimizer

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/workers"
)

// adam32 runs Adam's rule in float32 on all processors, a stretch of one
// parameter at a time.
type adam32 struct {
	job          *workers.Job
	p, g, m, v   []float32
	rate, b1, b2 float32
}

// stretch is how many numbers a task updates.
const stretch = 1 << 15

func (a *adam32) update(p, g, m, v []float32, rate, b1, b2 float32) {
	a.p, a.g, a.m, a.v, a.rate, a.b1, a.b2 = p, g, m, v, rate, b1, b2
	if a.job == nil {
		a.job = workers.NewJob(a.task)
	}
	a.job.Run((len(p) + stretch - 1) / stretch)
}

func (a *adam32) task(i int) {
	lo := i * stretch
	hi := min(lo+stretch, len(a.p))
	kernels.Adam(a.p[lo:hi], a.g[lo:hi], a.m[lo:hi], a.v[lo:hi], a.rate, a.b1, a.b2, epsilon)
}

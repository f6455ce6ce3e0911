package optimizer

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/workers"
	"convbook/pkg/ndarray"
)

// kernel updates parameters from their gradients and what is kept of them, with up to
// three numbers of the rule.
type kernel[T ndarray.Float] func(p, g, m, v []T, a, b, c T)

// pass is a kernel on all processors, for all parameters together.
type pass[T ndarray.Float] struct {
	job       *workers.Job
	kernel    kernel[T]
	a, b, c   T
	stretches []part[T]
}

// part is what a task updates, of one parameter.
type part[T ndarray.Float] struct{ p, g, m, v []T }

// stretch is how many numbers that are: few, so that many processors end together.
const stretch = 1 << 13

// note notes that the kernel is to run on the arrays. m or v may be nil.
func (r *pass[T]) note(p, g, m, v *ndarray.Array[T], a, b, c T) {
	r.a, r.b, r.c = a, b, c
	p0, g0, m0, v0 := p.Data(), g.Data(), data(m), data(v)
	for _, s := range r.stretches {
		if len(p0) > 0 && &s.p[0] == &p0[0] {
			r.all() // one array by two names is updated twice, not at the same time
			break
		}
	}
	for lo := 0; lo < len(p0); lo += stretch {
		hi := min(lo+stretch, len(p0))
		cut := func(s []T) []T {
			if s == nil {
				return nil
			}
			return s[lo:hi]
		}
		r.stretches = append(r.stretches, part[T]{p0[lo:hi], g0[lo:hi], cut(m0), cut(v0)})
	}
}

// all runs the kernel where it was noted.
func (r *pass[T]) all() {
	if len(r.stretches) == 0 {
		return
	}
	if r.job == nil {
		r.job = workers.NewJob("update", r.task)
	}
	r.job.Run(len(r.stretches))
	clear(r.stretches)
	r.stretches = r.stretches[:0]
}

func data[T ndarray.Float](a *ndarray.Array[T]) []T {
	if a == nil {
		return nil
	}
	return a.Data()
}

func (r *pass[T]) task(i int) {
	s := &r.stretches[i]
	r.kernel(s.p, s.g, s.m, s.v, r.a, r.b, r.c)
}

func sgdKernel[T ndarray.Float](p, g, m, v []T, rate, _, _ T) { kernels.SGD(p, g, rate) }

func momentumKernel[T ndarray.Float](p, g, m, v []T, momentum, rate, _ T) {
	kernels.Momentum(p, g, v, momentum, rate)
}

func nesterovKernel[T ndarray.Float](p, g, m, v []T, momentum, rate, _ T) {
	kernels.Nesterov(p, g, v, momentum, rate)
}

func adaGradKernel[T ndarray.Float](p, g, m, v []T, rate, _, _ T) {
	kernels.AdaGrad(p, g, v, rate, epsilon)
}

func rmspropKernel[T ndarray.Float](p, g, m, v []T, decay, rate, _ T) {
	kernels.RMSprop(p, g, v, decay, rate, epsilon)
}

func adamKernel[T ndarray.Float](p, g, m, v []T, rate, b1, b2 T) {
	kernels.Adam(p, g, m, v, rate, b1, b2, epsilon)
}

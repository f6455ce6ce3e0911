package optimizer

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/workers"
	"convbook/pkg/ndarray"
)

// rule32 updates parameters in float32 from their gradients and what is kept of them,
// with up to three numbers of the rule.
type rule32 func(p, g, m, v []float32, a, b, c float32)

// fast32 runs a rule in float32 on all processors, a stretch of one parameter at a
// time.
type fast32 struct {
	job        *workers.Job
	rule       rule32
	p, g, m, v []float32
	a, b, c    float32
}

// stretch is how many numbers a task updates.
const stretch = 1 << 15

// update runs the rule where the arrays are of float32, and says whether they are. m or
// v may be nil.
func update[T ndarray.Float](f *fast32, rule rule32, p, g, m, v *ndarray.Array[T], a, b, c T) bool {
	if f.p = of32(p); f.p == nil {
		return false
	}
	f.rule, f.g, f.m, f.v = rule, of32(g), of32(m), of32(v)
	f.a, f.b, f.c = float32(a), float32(b), float32(c)
	if f.job == nil {
		f.job = workers.NewJob("update", f.task)
	}
	f.job.Run((len(f.p) + stretch - 1) / stretch)
	return true
}

func of32[T ndarray.Float](a *ndarray.Array[T]) []float32 {
	if a, ok := any(a).(*ndarray.Array[float32]); ok && a != nil {
		return a.Data()
	}
	return nil
}

func (f *fast32) task(i int) {
	lo := i * stretch
	hi := min(lo+stretch, len(f.p))
	cut := func(s []float32) []float32 {
		if s == nil {
			return nil
		}
		return s[lo:hi]
	}
	f.rule(f.p[lo:hi], f.g[lo:hi], cut(f.m), cut(f.v), f.a, f.b, f.c)
}

func sgd32(p, g, m, v []float32, rate, _, _ float32) { kernels.SGD(p, g, rate) }

func momentum32(p, g, m, v []float32, momentum, rate, _ float32) {
	kernels.Momentum(p, g, v, momentum, rate)
}

func nesterov32(p, g, m, v []float32, momentum, rate, _ float32) {
	kernels.Nesterov(p, g, v, momentum, rate)
}

func adaGrad32(p, g, m, v []float32, rate, _, _ float32) { kernels.AdaGrad(p, g, v, rate, epsilon) }

func rmsprop32(p, g, m, v []float32, decay, rate, _ float32) {
	kernels.RMSprop(p, g, v, decay, rate, epsilon)
}

func adam32(p, g, m, v []float32, rate, b1, b2 float32) {
	kernels.Adam(p, g, m, v, rate, b1, b2, epsilon)
}

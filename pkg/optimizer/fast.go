package optimizer

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/workers"
	"convbook/pkg/ndarray"
)

// rule32 updates parameters in float32 from their gradients and what is kept of them,
// with up to three numbers of the rule.
type rule32 func(p, g, m, v []float32, a, b, c float32)

// fast32 runs a rule in float32 on all processors, for all parameters together.
type fast32 struct {
	job       *workers.Job
	rule      rule32
	a, b, c   float32
	stretches []stretch32
}

// stretch32 is what a task updates: a part of one parameter.
type stretch32 struct{ p, g, m, v []float32 }

// stretch is how many numbers that are: few, so that many processors end together.
const stretch = 1 << 13

// update notes that the rule is to run where the arrays are of float32, and says whether
// they are. m or v may be nil.
func update[T ndarray.Float](f *fast32, rule rule32, p, g, m, v *ndarray.Array[T], a, b, c T) bool {
	p32 := of32(p)
	if p32 == nil {
		return false
	}
	f.rule, f.a, f.b, f.c = rule, float32(a), float32(b), float32(c)
	for _, s := range f.stretches {
		if len(p32) > 0 && &s.p[0] == &p32[0] {
			f.run() // one array by two names is updated twice, not at the same time
			break
		}
	}
	g32, m32, v32 := of32(g), of32(m), of32(v)
	for lo := 0; lo < len(p32); lo += stretch {
		hi := min(lo+stretch, len(p32))
		cut := func(s []float32) []float32 {
			if s == nil {
				return nil
			}
			return s[lo:hi]
		}
		f.stretches = append(f.stretches, stretch32{p32[lo:hi], cut(g32), cut(m32), cut(v32)})
	}
	return true
}

// run runs the rule where it was noted.
func (f *fast32) run() {
	if len(f.stretches) == 0 {
		return
	}
	if f.job == nil {
		f.job = workers.NewJob("update", f.task)
	}
	f.job.Run(len(f.stretches))
	clear(f.stretches)
	f.stretches = f.stretches[:0]
}

func of32[T ndarray.Float](a *ndarray.Array[T]) []float32 {
	if a, ok := any(a).(*ndarray.Array[float32]); ok && a != nil {
		return a.Data()
	}
	return nil
}

func (f *fast32) task(i int) {
	s := &f.stretches[i]
	f.rule(s.p, s.g, s.m, s.v, f.a, f.b, f.c)
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

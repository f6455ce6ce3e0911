package optimizer

import (
	"fmt"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// base is what all optimizers are made of: a rule for one parameter and what the rule
// needs.
type base[T ndarray.Float] struct {
	LR float64 // learning rate

	kind    string
	moments map[string]moments[T] // by their letters
	counts  bool
	updates int
	pass    pass[T]
}

// made returns a base with the given learning rate or, where that is 0, the standard one.
func made[T ndarray.Float](kind string, k kernel[T], lr, standard float64, letters ...string) base[T] {
	if lr == 0 {
		lr = standard
	}
	o := base[T]{LR: lr, kind: kind, moments: map[string]moments[T]{}, pass: pass[T]{kernel: k}}
	for _, letter := range letters {
		o.moments[letter] = moments[T]{}
	}
	return o
}

// LearningRate returns LR.
func (o *base[T]) LearningRate() float64 { return o.LR }

// SetLearningRate sets LR.
func (o *base[T]) SetLearningRate(lr float64) { o.LR = lr }

// State returns what the optimizer remembers.
func (o *base[T]) State() State[T] { return bodies[T]().state(o) }

// SetState goes back to a state.
func (o *base[T]) SetState(s State[T]) error { return bodies[T]().setState(o, s) }

// each calls f with every parameter and its gradient.
func each[T ndarray.Float](o *base[T], params, grads map[string]*ndarray.Array[T], f func(name string, p, g *ndarray.Array[T])) {
	o.pass.stretches = o.pass.stretches[:0] // an update that panicked left them
	for name, p := range params {
		g := grads[name]
		if p == nil || g == nil {
			panic(fmt.Sprintf("%s.Update: no %s; params and grads hold an array for each name", o.kind, missing(p == nil, name)))
		}
		if !sameShape(g.Shape(), p.Shape()) {
			shapes.Check(o.kind+".Update "+name, g.Shape(), p.Shape(), "a gradient has the shape of its parameter")
		}
		f(name, p, g)
	}
	o.pass.all()
}

func missing(param bool, name string) string {
	if param {
		return fmt.Sprintf("parameter %q", name)
	}
	return fmt.Sprintf("gradient for parameter %q", name)
}

// sameShape compares without allocating: this runs in each step.
func sameShape(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i, n := range a {
		if n != b[i] {
			return false
		}
	}
	return true
}

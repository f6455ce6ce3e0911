// Package optimizer holds the update rules of the class (common/optimizer.py;
// book, section 6.1). Each one changes params in place, name by name:
//
//	grads := net.Gradient(x, t)
//	opt.Update(net.Params(), grads)
//
// In the formulas p is a parameter, g its gradient, lr the learning rate.
package optimizer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Optimizer updates parameters from their gradients. params and grads have the
// same names and shapes; Update panics with a *ndarray.ShapeError otherwise.
// An optimizer serves one network: it remembers moments by name. All optimizers
// of this package are Stateful.
type Optimizer[T ndarray.Float] interface {
	Update(params, grads map[string]*ndarray.Array[T])
}

// Settings are the numbers an optimizer can be given by name. A zero value
// stands for the class's default.
type Settings struct {
	LR        float64 `json:"lr,omitempty"`         // learning rate; 0.01, and 0.001 for Adam
	Momentum  float64 `json:"momentum,omitempty"`   // Momentum and Nesterov; 0.9
	DecayRate float64 `json:"decay_rate,omitempty"` // RMSprop; 0.99
	Beta1     float64 `json:"beta1,omitempty"`      // Adam; 0.9
	Beta2     float64 `json:"beta2,omitempty"`      // Adam; 0.999
}

// Names lists what New accepts.
func Names() []string {
	return []string{"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"}
}

// New returns the optimizer that the class's Trainer knows by name, in upper or
// lower case. The class's own spelling "rmsprpo" is understood too.
func New[T ndarray.Float](name string, s Settings) (Stateful[T], error) {
	return bodies[T]().byName(name, s)
}

func byName[T ndarray.Float](name string, s Settings) (Stateful[T], error) {
	or := func(v, standard float64) float64 {
		if v == 0 {
			return standard
		}
		return v
	}
	switch strings.ToLower(name) {
	case "sgd":
		return &SGD[T]{LR: or(s.LR, 0.01)}, nil
	case "momentum":
		return &Momentum[T]{LR: or(s.LR, 0.01), Momentum: T(or(s.Momentum, 0.9))}, nil
	case "nesterov":
		return &Nesterov[T]{LR: or(s.LR, 0.01), Momentum: T(or(s.Momentum, 0.9))}, nil
	case "adagrad":
		return &AdaGrad[T]{LR: or(s.LR, 0.01)}, nil
	case "rmsprop", "rmsprpo":
		return &RMSprop[T]{LR: or(s.LR, 0.01), DecayRate: T(or(s.DecayRate, 0.99))}, nil
	case "adam":
		adam := NewAdam[T](s.LR)
		if s.Beta1 != 0 {
			adam.Beta1 = s.Beta1
		}
		if s.Beta2 != 0 {
			adam.Beta2 = s.Beta2
		}
		return adam, nil
	}
	return nil, fmt.Errorf("optimizer: no optimizer is called %q; choose one of %s", name, strings.Join(Names(), ", "))
}

// epsilon keeps the adaptive rules from dividing by zero, as in the class.
const epsilon = 1e-7

// moments holds one array for each parameter, zeros at first.
type moments[T ndarray.Float] map[string]*ndarray.Array[T]

func (m *moments[T]) of(name string, p *ndarray.Array[T]) *ndarray.Array[T] {
	if *m == nil {
		*m = moments[T]{}
	}
	if (*m)[name] == nil {
		(*m)[name] = ndarray.Zeros[T](p.Shape()...)
	}
	return (*m)[name]
}

// each calls f with every parameter and its gradient.
func each[T ndarray.Float](op string, params, grads map[string]*ndarray.Array[T], f func(name string, p, g *ndarray.Array[T])) {
	for name, p := range params {
		g, ok := grads[name]
		if !ok {
			panic(fmt.Sprintf("%s: no gradient for parameter %q", op, name))
		}
		if !slices.Equal(g.Shape(), p.Shape()) {
			shapes.Check(op+" "+name, g.Shape(), p.Shape(), "a gradient has the shape of its parameter")
		}
		f(name, p, g)
	}
}

// SGD is stochastic gradient descent: p -= lr*g.
type SGD[T ndarray.Float] struct {
	LR float64

	fast fast32
}

func (o *SGD[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	lr := T(o.LR)
	each("SGD", params, grads, func(name string, p, g *ndarray.Array[T]) {
		if update(&o.fast, sgd32, p, g, nil, nil, lr, 0, 0) {
			return
		}
		p0, g0 := p.Data(), g.Data()
		for i := range p0 {
			p0[i] -= lr * g0[i]
		}
	})
}

// Momentum is v = momentum*v - lr*g; p += v.
type Momentum[T ndarray.Float] struct {
	LR       float64
	Momentum T

	v    moments[T]
	fast fast32
}

func (o *Momentum[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	lr := T(o.LR)
	each("Momentum", params, grads, func(name string, p, g *ndarray.Array[T]) {
		kept := o.v.of(name, p)
		if update(&o.fast, momentum32, p, g, nil, kept, o.Momentum, lr, 0) {
			return
		}
		p0, g0, v := p.Data(), g.Data(), kept.Data()
		for i := range p0 {
			v[i] = o.Momentum*v[i] - lr*g0[i]
			p0[i] += v[i]
		}
	})
}

// Nesterov is Nesterov's accelerated gradient as the class writes it:
// p += momentum²*v - (1+momentum)*lr*g; v = momentum*v - lr*g.
type Nesterov[T ndarray.Float] struct {
	LR       float64
	Momentum T

	v    moments[T]
	fast fast32
}

func (o *Nesterov[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	lr := T(o.LR)
	each("Nesterov", params, grads, func(name string, p, g *ndarray.Array[T]) {
		kept := o.v.of(name, p)
		if update(&o.fast, nesterov32, p, g, nil, kept, o.Momentum, lr, 0) {
			return
		}
		p0, g0, v := p.Data(), g.Data(), kept.Data()
		for i := range p0 {
			p0[i] += o.Momentum * o.Momentum * v[i]
			p0[i] -= (1 + o.Momentum) * lr * g0[i]
			v[i] = o.Momentum*v[i] - lr*g0[i]
		}
	})
}

// AdaGrad is h += g²; p -= lr*g/(sqrt(h) + 1e-7).
type AdaGrad[T ndarray.Float] struct {
	LR float64

	h    moments[T]
	fast fast32
}

func (o *AdaGrad[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	lr := T(o.LR)
	each("AdaGrad", params, grads, func(name string, p, g *ndarray.Array[T]) {
		kept := o.h.of(name, p)
		if update(&o.fast, adaGrad32, p, g, nil, kept, lr, 0, 0) {
			return
		}
		p0, g0, h := p.Data(), g.Data(), kept.Data()
		for i := range p0 {
			h[i] += g0[i] * g0[i]
			p0[i] -= lr * g0[i] / (sqrt(h[i]) + epsilon)
		}
	})
}

// RMSprop is h = decay*h + (1-decay)*g²; p -= lr*g/(sqrt(h) + 1e-7).
type RMSprop[T ndarray.Float] struct {
	LR        float64
	DecayRate T

	h    moments[T]
	fast fast32
}

func (o *RMSprop[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	lr := T(o.LR)
	each("RMSprop", params, grads, func(name string, p, g *ndarray.Array[T]) {
		kept := o.h.of(name, p)
		if update(&o.fast, rmsprop32, p, g, nil, kept, o.DecayRate, lr, 0) {
			return
		}
		p0, g0, h := p.Data(), g.Data(), kept.Data()
		for i := range p0 {
			h[i] *= o.DecayRate
			h[i] += (1 - o.DecayRate) * g0[i] * g0[i]
			p0[i] -= lr * g0[i] / (sqrt(h[i]) + epsilon)
		}
	})
}

// Adam keeps running means of g and g² and corrects the rate for their slow
// start. In step t:
//
//	lr_t = lr*sqrt(1 - beta2^t)/(1 - beta1^t)
//	m += (1 - beta1)*(g - m)
//	v += (1 - beta2)*(g² - v)
//	p -= lr_t*m/(sqrt(v) + 1e-7)
type Adam[T ndarray.Float] struct {
	LR, Beta1, Beta2 float64

	t    int
	m, v moments[T]
	fast fast32
}

// NewAdam returns Adam with the given learning rate (0: 0.001) and beta1 = 0.9,
// beta2 = 0.999.
func NewAdam[T ndarray.Float](lr float64) *Adam[T] {
	if lr == 0 {
		lr = 0.001
	}
	return &Adam[T]{LR: lr, Beta1: 0.9, Beta2: 0.999}
}

func (o *Adam[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	o.t++
	t := float64(o.t)
	rate := T(o.LR * math.Sqrt(1-math.Pow(o.Beta2, t)) / (1 - math.Pow(o.Beta1, t)))
	b1, b2 := T(1-o.Beta1), T(1-o.Beta2)
	each("Adam", params, grads, func(name string, p, g *ndarray.Array[T]) {
		m1, v1 := o.m.of(name, p), o.v.of(name, p)
		if update(&o.fast, adam32, p, g, m1, v1, rate, b1, b2) {
			return
		}
		p0, g0, m, v := p.Data(), g.Data(), m1.Data(), v1.Data()
		for i := range p0 {
			m[i] += b1 * (g0[i] - m[i])
			v[i] += b2 * (g0[i]*g0[i] - v[i])
			p0[i] -= rate * m[i] / (sqrt(v[i]) + epsilon)
		}
	})
}

func sqrt[T ndarray.Float](x T) T { return T(math.Sqrt(float64(x))) }

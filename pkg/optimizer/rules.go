package optimizer

import (
	"math"

	"convbook/pkg/internal/compiled"
	"convbook/pkg/ndarray"
)

// epsilon keeps the adaptive rules from dividing by zero, as in the class.
const epsilon = 1e-7

// SGD is stochastic gradient descent: p -= lr*g.
type SGD[T ndarray.Float] struct {
	base[T]
}

// NewSGD returns the rule with the given learning rate (0: 0.01).
func NewSGD[T ndarray.Float](lr float64) *SGD[T] {
	return compiled.For[T, rule[SGD[T], T]](&sgdRule32, &sgdRule64).make(lr)
}

func newSGD[T ndarray.Float](lr float64) *SGD[T] {
	return &SGD[T]{base: made("SGD", sgdKernel[T], lr, 0.01)}
}

// Update changes params in place.
func (o *SGD[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	compiled.For[T, rule[SGD[T], T]](&sgdRule32, &sgdRule64).update(o, params, grads)
}

func sgd[T ndarray.Float](o *SGD[T], params, grads map[string]*ndarray.Array[T]) {
	lr := T(o.LR)
	each(&o.base, params, grads, func(name string, p, g *ndarray.Array[T]) {
		o.pass.note(p, g, nil, nil, lr, 0, 0)
	})
}

// Momentum is v = momentum*v - lr*g; p += v.
type Momentum[T ndarray.Float] struct {
	base[T]
	Momentum float64
}

// NewMomentum returns the rule with the given learning rate (0: 0.01) and Momentum 0.9.
func NewMomentum[T ndarray.Float](lr float64) *Momentum[T] {
	return compiled.For[T, rule[Momentum[T], T]](&momentumRule32, &momentumRule64).make(lr)
}

func newMomentum[T ndarray.Float](lr float64) *Momentum[T] {
	return &Momentum[T]{base: made("Momentum", momentumKernel[T], lr, 0.01, "v"), Momentum: 0.9}
}

// Update changes params in place.
func (o *Momentum[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	compiled.For[T, rule[Momentum[T], T]](&momentumRule32, &momentumRule64).update(o, params, grads)
}

func momentum[T ndarray.Float](o *Momentum[T], params, grads map[string]*ndarray.Array[T]) {
	lr, momentum := T(o.LR), T(o.Momentum)
	each(&o.base, params, grads, func(name string, p, g *ndarray.Array[T]) {
		kept := o.moments["v"].of(name, p)
		o.pass.note(p, g, nil, kept, momentum, lr, 0)
	})
}

// Nesterov is Nesterov's accelerated gradient as the class writes it:
// p += momentum²*v - (1+momentum)*lr*g; v = momentum*v - lr*g.
type Nesterov[T ndarray.Float] struct {
	base[T]
	Momentum float64
}

// NewNesterov returns the rule with the given learning rate (0: 0.01) and Momentum 0.9.
func NewNesterov[T ndarray.Float](lr float64) *Nesterov[T] {
	return compiled.For[T, rule[Nesterov[T], T]](&nesterovRule32, &nesterovRule64).make(lr)
}

func newNesterov[T ndarray.Float](lr float64) *Nesterov[T] {
	return &Nesterov[T]{base: made("Nesterov", nesterovKernel[T], lr, 0.01, "v"), Momentum: 0.9}
}

// Update changes params in place.
func (o *Nesterov[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	compiled.For[T, rule[Nesterov[T], T]](&nesterovRule32, &nesterovRule64).update(o, params, grads)
}

func nesterov[T ndarray.Float](o *Nesterov[T], params, grads map[string]*ndarray.Array[T]) {
	lr, momentum := T(o.LR), T(o.Momentum)
	each(&o.base, params, grads, func(name string, p, g *ndarray.Array[T]) {
		kept := o.moments["v"].of(name, p)
		o.pass.note(p, g, nil, kept, momentum, lr, 0)
	})
}

// AdaGrad is h += g²; p -= lr*g/(sqrt(h) + 1e-7).
type AdaGrad[T ndarray.Float] struct {
	base[T]
}

// NewAdaGrad returns the rule with the given learning rate (0: 0.01).
func NewAdaGrad[T ndarray.Float](lr float64) *AdaGrad[T] {
	return compiled.For[T, rule[AdaGrad[T], T]](&adaGradRule32, &adaGradRule64).make(lr)
}

func newAdaGrad[T ndarray.Float](lr float64) *AdaGrad[T] {
	return &AdaGrad[T]{base: made("AdaGrad", adaGradKernel[T], lr, 0.01, "h")}
}

// Update changes params in place.
func (o *AdaGrad[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	compiled.For[T, rule[AdaGrad[T], T]](&adaGradRule32, &adaGradRule64).update(o, params, grads)
}

func adaGrad[T ndarray.Float](o *AdaGrad[T], params, grads map[string]*ndarray.Array[T]) {
	lr := T(o.LR)
	each(&o.base, params, grads, func(name string, p, g *ndarray.Array[T]) {
		kept := o.moments["h"].of(name, p)
		o.pass.note(p, g, nil, kept, lr, 0, 0)
	})
}

// RMSprop is h = decay*h + (1-decay)*g²; p -= lr*g/(sqrt(h) + 1e-7).
type RMSprop[T ndarray.Float] struct {
	base[T]
	DecayRate float64
}

// NewRMSprop returns the rule with the given learning rate (0: 0.01) and DecayRate 0.99.
func NewRMSprop[T ndarray.Float](lr float64) *RMSprop[T] {
	return compiled.For[T, rule[RMSprop[T], T]](&rmspropRule32, &rmspropRule64).make(lr)
}

func newRMSprop[T ndarray.Float](lr float64) *RMSprop[T] {
	return &RMSprop[T]{base: made("RMSprop", rmspropKernel[T], lr, 0.01, "h"), DecayRate: 0.99}
}

// Update changes params in place.
func (o *RMSprop[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	compiled.For[T, rule[RMSprop[T], T]](&rmspropRule32, &rmspropRule64).update(o, params, grads)
}

func rmsprop[T ndarray.Float](o *RMSprop[T], params, grads map[string]*ndarray.Array[T]) {
	lr, decay := T(o.LR), T(o.DecayRate)
	each(&o.base, params, grads, func(name string, p, g *ndarray.Array[T]) {
		kept := o.moments["h"].of(name, p)
		o.pass.note(p, g, nil, kept, decay, lr, 0)
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
	base[T]
	Beta1, Beta2 float64
}

// NewAdam returns the rule with the given learning rate (0: 0.001), Beta1 0.9 and Beta2
// 0.999.
func NewAdam[T ndarray.Float](lr float64) *Adam[T] {
	return compiled.For[T, rule[Adam[T], T]](&adamRule32, &adamRule64).make(lr)
}

func newAdam[T ndarray.Float](lr float64) *Adam[T] {
	o := &Adam[T]{base: made("Adam", adamKernel[T], lr, 0.001, "m", "v"), Beta1: 0.9, Beta2: 0.999}
	o.counts = true
	return o
}

// Update changes params in place.
func (o *Adam[T]) Update(params, grads map[string]*ndarray.Array[T]) {
	compiled.For[T, rule[Adam[T], T]](&adamRule32, &adamRule64).update(o, params, grads)
}

func adam[T ndarray.Float](o *Adam[T], params, grads map[string]*ndarray.Array[T]) {
	o.updates++
	t := float64(o.updates)
	rate := T(o.LR * math.Sqrt(1-math.Pow(o.Beta2, t)) / (1 - math.Pow(o.Beta1, t)))
	b1, b2 := T(1-o.Beta1), T(1-o.Beta2)
	each(&o.base, params, grads, func(name string, p, g *ndarray.Array[T]) {
		m1, v1 := o.moments["m"].of(name, p), o.moments["v"].of(name, p)
		o.pass.note(p, g, m1, v1, rate, b1, b2)
	})
}

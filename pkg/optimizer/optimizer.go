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
	"strings"

	"convbook/pkg/ndarray"
)

// Optimizer updates parameters from their gradients. params and grads have the
// same names and shapes; Update panics with a *ndarray.ShapeError when shapes differ, and
// when a gradient is missing or nil.
// An optimizer serves one network: it remembers moments by name. All optimizers
// of this package are Stateful.
type Optimizer[T ndarray.Float] interface {
	Update(params, grads map[string]*ndarray.Array[T])
}

// Settings are the numbers an optimizer can be given by name. A zero value
// stands for the class's default; for zero itself set the field of an optimizer from
// NewMomentum, NewRMSprop, NewAdam ….
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
// lower case. The class's own spelling "rmsprpo" is understood too. For any other name it
// returns an error that lists those there are; it never panics.
func New[T ndarray.Float](name string, s Settings) (Stateful[T], error) {
	return bodies[T]().byName(name, s)
}

func byName[T ndarray.Float](name string, s Settings) (Stateful[T], error) {
	set := func(field *float64, v float64) {
		if v != 0 {
			*field = v
		}
	}
	switch strings.ToLower(name) {
	case "sgd":
		return newSGD[T](s.LR), nil
	case "momentum":
		o := newMomentum[T](s.LR)
		set(&o.Momentum, s.Momentum)
		return o, nil
	case "nesterov":
		o := newNesterov[T](s.LR)
		set(&o.Momentum, s.Momentum)
		return o, nil
	case "adagrad":
		return newAdaGrad[T](s.LR), nil
	case "rmsprop", "rmsprpo":
		o := newRMSprop[T](s.LR)
		set(&o.DecayRate, s.DecayRate)
		return o, nil
	case "adam":
		o := newAdam[T](s.LR)
		set(&o.Beta1, s.Beta1)
		set(&o.Beta2, s.Beta2)
		return o, nil
	}
	return nil, fmt.Errorf("optimizer: no optimizer is called %q; choose one of %s", name, strings.Join(Names(), ", "))
}

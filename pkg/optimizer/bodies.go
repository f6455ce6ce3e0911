package optimizer

import (
	"convbook/pkg/internal/compiled"
	"convbook/pkg/ndarray"
)

// table holds what the optimizers do. It is compiled here, with all rules, and not in each
// cell.
type table[T ndarray.Float] struct {
	byName      func(name string, s Settings) (Stateful[T], error)
	state       func(o *base[T]) State[T]
	setState    func(o *base[T], s State[T]) error
	newSGD      func(lr float64) *SGD[T]
	sgd         func(o *SGD[T], params, grads map[string]*ndarray.Array[T])
	newMomentum func(lr float64) *Momentum[T]
	momentum    func(o *Momentum[T], params, grads map[string]*ndarray.Array[T])
	newNesterov func(lr float64) *Nesterov[T]
	nesterov    func(o *Nesterov[T], params, grads map[string]*ndarray.Array[T])
	newAdaGrad  func(lr float64) *AdaGrad[T]
	adaGrad     func(o *AdaGrad[T], params, grads map[string]*ndarray.Array[T])
	newRMSprop  func(lr float64) *RMSprop[T]
	rmsprop     func(o *RMSprop[T], params, grads map[string]*ndarray.Array[T])
	newAdam     func(lr float64) *Adam[T]
	adam        func(o *Adam[T], params, grads map[string]*ndarray.Array[T])
}

var (
	table32 = compiled.Hidden(&table[float32]{
		byName:      byName[float32],
		state:       (*base[float32]).state,
		setState:    (*base[float32]).setState,
		newSGD:      newSGD[float32],
		sgd:         sgd[float32],
		newMomentum: newMomentum[float32],
		momentum:    momentum[float32],
		newNesterov: newNesterov[float32],
		nesterov:    nesterov[float32],
		newAdaGrad:  newAdaGrad[float32],
		adaGrad:     adaGrad[float32],
		newRMSprop:  newRMSprop[float32],
		rmsprop:     rmsprop[float32],
		newAdam:     newAdam[float32],
		adam:        adam[float32],
	})
	table64 = compiled.Hidden(&table[float64]{
		byName:      byName[float64],
		state:       (*base[float64]).state,
		setState:    (*base[float64]).setState,
		newSGD:      newSGD[float64],
		sgd:         sgd[float64],
		newMomentum: newMomentum[float64],
		momentum:    momentum[float64],
		newNesterov: newNesterov[float64],
		nesterov:    nesterov[float64],
		newAdaGrad:  newAdaGrad[float64],
		adaGrad:     adaGrad[float64],
		newRMSprop:  newRMSprop[float64],
		rmsprop:     rmsprop[float64],
		newAdam:     newAdam[float64],
		adam:        adam[float64],
	})
)

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&table32, &table64) }

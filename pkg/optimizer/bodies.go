package optimizer

import (
	"convbook/pkg/internal/compiled"
	"convbook/pkg/ndarray"
)

// table holds what all optimizers do. It is compiled here, with all rules, and not in each
// cell.
type table[T ndarray.Float] struct {
	byName   func(name string, s Settings) (Stateful[T], error)
	state    func(o *base[T]) State[T]
	setState func(o *base[T], s State[T]) error
}

var (
	table32 = compiled.Hidden(&table[float32]{byName: byName[float32], state: state[float32], setState: setState[float32]})
	table64 = compiled.Hidden(&table[float64]{byName: byName[float64], state: state[float64], setState: setState[float64]})
)

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&table32, &table64) }

// rule holds what one optimizer does. Each has a table of its own: a cell compiles the
// methods of all types that a table names.
type rule[Optimizer any, T ndarray.Float] struct {
	make   func(lr float64) *Optimizer
	update func(o *Optimizer, params, grads map[string]*ndarray.Array[T])
}

var (
	sgdRule32      = compiled.Hidden(&rule[SGD[float32], float32]{make: newSGD[float32], update: sgd[float32]})
	sgdRule64      = compiled.Hidden(&rule[SGD[float64], float64]{make: newSGD[float64], update: sgd[float64]})
	momentumRule32 = compiled.Hidden(&rule[Momentum[float32], float32]{make: newMomentum[float32], update: momentum[float32]})
	momentumRule64 = compiled.Hidden(&rule[Momentum[float64], float64]{make: newMomentum[float64], update: momentum[float64]})
	nesterovRule32 = compiled.Hidden(&rule[Nesterov[float32], float32]{make: newNesterov[float32], update: nesterov[float32]})
	nesterovRule64 = compiled.Hidden(&rule[Nesterov[float64], float64]{make: newNesterov[float64], update: nesterov[float64]})
	adaGradRule32  = compiled.Hidden(&rule[AdaGrad[float32], float32]{make: newAdaGrad[float32], update: adaGrad[float32]})
	adaGradRule64  = compiled.Hidden(&rule[AdaGrad[float64], float64]{make: newAdaGrad[float64], update: adaGrad[float64]})
	rmspropRule32  = compiled.Hidden(&rule[RMSprop[float32], float32]{make: newRMSprop[float32], update: rmsprop[float32]})
	rmspropRule64  = compiled.Hidden(&rule[RMSprop[float64], float64]{make: newRMSprop[float64], update: rmsprop[float64]})
	adamRule32     = compiled.Hidden(&rule[Adam[float32], float32]{make: newAdam[float32], update: adam[float32]})
	adamRule64     = compiled.Hidden(&rule[Adam[float64], float64]{make: newAdam[float64], update: adam[float64]})
)

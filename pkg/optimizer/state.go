package optimizer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"convbook/pkg/ndarray"
)

// Stateful is an optimizer whose learning rate can change and which can go on
// where it, or another of its kind, stood.
type Stateful[T ndarray.Float] interface {
	Optimizer[T]

	LearningRate() float64
	SetLearningRate(lr float64)

	// State returns what the optimizer remembers. The arrays are its own.
	State() State[T]

	// SetState goes back to a state. It takes the arrays over, which must have
	// the shapes of the parameters. The error names what an optimizer of this
	// kind does not remember; nothing is changed then.
	SetState(s State[T]) error
}

// State is what an optimizer remembers between two updates.
type State[T ndarray.Float] struct {
	// Updates counts the updates; Adam alone corrects its rate by it, and alone counts.
	Updates int

	// Moments holds, by the letter of the rule (v of Momentum and Nesterov, h of
	// AdaGrad and RMSprop, m and v of Adam) and then by the parameter, what has
	// gathered. It is empty before the first update.
	Moments map[string]map[string]*ndarray.Array[T]
}

// moments holds one array for each parameter, zeros at first.
type moments[T ndarray.Float] map[string]*ndarray.Array[T]

// of returns the moment of a parameter.
func (m moments[T]) of(name string, p *ndarray.Array[T]) *ndarray.Array[T] {
	a := m[name]
	if a == nil {
		a = ndarray.Zeros[T](p.Shape()...)
		m[name] = a
	}
	return a
}

func state[T ndarray.Float](o *base[T]) State[T] {
	s := State[T]{Updates: o.updates, Moments: map[string]map[string]*ndarray.Array[T]{}}
	for letter, m := range o.moments {
		s.Moments[letter] = m
	}
	return s
}

func setState[T ndarray.Float](o *base[T], s State[T]) error {
	if s.Updates < 0 {
		return fmt.Errorf("optimizer: a state after %d updates is damaged", s.Updates)
	}
	for _, letter := range slices.Sorted(maps.Keys(s.Moments)) {
		if o.moments[letter] == nil {
			return fmt.Errorf("optimizer: %s keeps no moment %q; its state has %s", o.kind, letter, known(o))
		}
	}
	if o.counts {
		o.updates = s.Updates
	}
	for letter := range o.moments {
		o.moments[letter] = moments[T]{}
		maps.Copy(o.moments[letter], s.Moments[letter])
	}
	return nil
}

func known[T ndarray.Float](o *base[T]) string {
	if len(o.moments) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(o.moments)), " and ")
}

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
	// Updates counts the updates; Adam alone corrects its rate by it.
	Updates int

	// Moments holds, by the letter of the rule (v of Momentum and Nesterov, h of
	// AdaGrad and RMSprop, m and v of Adam) and then by the parameter, what has
	// gathered. It is empty before the first update.
	Moments map[string]map[string]*ndarray.Array[T]
}

// remembers is the state of a rule with these moments.
func remembers[T ndarray.Float](updates int, all map[string]*moments[T]) State[T] {
	s := State[T]{Updates: updates, Moments: map[string]map[string]*ndarray.Array[T]{}}
	for letter, m := range all {
		s.Moments[letter] = *m
	}
	return s
}

// goBack puts a state into the moments of a rule.
func goBack[T ndarray.Float](kind string, s State[T], all map[string]*moments[T]) error {
	if s.Updates < 0 {
		return fmt.Errorf("optimizer: a state after %d updates is damaged", s.Updates)
	}
	for _, letter := range slices.Sorted(maps.Keys(s.Moments)) {
		if all[letter] == nil {
			return fmt.Errorf("optimizer: %s keeps no moment %q; its state has %s", kind, letter, known(all))
		}
	}
	for letter, m := range all {
		*m = maps.Clone(s.Moments[letter])
	}
	return nil
}

func known[T ndarray.Float](all map[string]*moments[T]) string {
	if len(all) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(all)), " and ")
}

func (o *SGD[T]) LearningRate() float64      { return o.LR }
func (o *Momentum[T]) LearningRate() float64 { return o.LR }
func (o *Nesterov[T]) LearningRate() float64 { return o.LR }
func (o *AdaGrad[T]) LearningRate() float64  { return o.LR }
func (o *RMSprop[T]) LearningRate() float64  { return o.LR }
func (o *Adam[T]) LearningRate() float64     { return o.LR }

func (o *SGD[T]) SetLearningRate(lr float64)      { o.LR = lr }
func (o *Momentum[T]) SetLearningRate(lr float64) { o.LR = lr }
func (o *Nesterov[T]) SetLearningRate(lr float64) { o.LR = lr }
func (o *AdaGrad[T]) SetLearningRate(lr float64)  { o.LR = lr }
func (o *RMSprop[T]) SetLearningRate(lr float64)  { o.LR = lr }
func (o *Adam[T]) SetLearningRate(lr float64)     { o.LR = lr }

func (o *SGD[T]) all() map[string]*moments[T]      { return nil }
func (o *Momentum[T]) all() map[string]*moments[T] { return map[string]*moments[T]{"v": &o.v} }
func (o *Nesterov[T]) all() map[string]*moments[T] { return map[string]*moments[T]{"v": &o.v} }
func (o *AdaGrad[T]) all() map[string]*moments[T]  { return map[string]*moments[T]{"h": &o.h} }
func (o *RMSprop[T]) all() map[string]*moments[T]  { return map[string]*moments[T]{"h": &o.h} }
func (o *Adam[T]) all() map[string]*moments[T] {
	return map[string]*moments[T]{"m": &o.m, "v": &o.v}
}

func (o *SGD[T]) State() State[T]      { return remembers(0, o.all()) }
func (o *Momentum[T]) State() State[T] { return remembers(0, o.all()) }
func (o *Nesterov[T]) State() State[T] { return remembers(0, o.all()) }
func (o *AdaGrad[T]) State() State[T]  { return remembers(0, o.all()) }
func (o *RMSprop[T]) State() State[T]  { return remembers(0, o.all()) }
func (o *Adam[T]) State() State[T]     { return remembers(o.t, o.all()) }

func (o *SGD[T]) SetState(s State[T]) error      { return goBack("SGD", s, o.all()) }
func (o *Momentum[T]) SetState(s State[T]) error { return goBack("Momentum", s, o.all()) }
func (o *Nesterov[T]) SetState(s State[T]) error { return goBack("Nesterov", s, o.all()) }
func (o *AdaGrad[T]) SetState(s State[T]) error  { return goBack("AdaGrad", s, o.all()) }
func (o *RMSprop[T]) SetState(s State[T]) error  { return goBack("RMSprop", s, o.all()) }
func (o *Adam[T]) SetState(s State[T]) error {
	if err := goBack("Adam", s, o.all()); err != nil {
		return err
	}
	o.t = s.Updates
	return nil
}

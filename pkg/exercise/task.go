package exercise

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"convbook/pkg/ndarray"
)

// task is an exercise: cases of the kind C, the smallest first, and a rule R that gives
// the right answer as it stands and a student's with slips in it.
type task[C, R any] struct {
	name  string
	parts []part // what is asked for: one array, or dx, dw and db
	cases []C

	about  func(C) string             // "window 2 x 2, stride 1, pad 0"
	inputs func(C) []named            // shown to the student, handed over as copies
	call   func(C, []*Array) []*Array // the student's function; nil: no answer
	blank  func(C) []*Array           // what the skeleton of the notebook gives; nil: nil

	right  R
	rule   func(C, R) []*Array // may panic where the slips in R make it
	slips  []slip[R]
	traits []trait[C]
	probes []probe[C]

	inPlace   bool    // the function changes some of its inputs and returns nothing
	tolerance float64 // relative to what is wanted, 1e-9 where none is given
}

// part is one of the arrays asked for.
type part struct {
	name string
	axes []axis // what its axes run over, where that helps
}

// axis names what an index runs over, in the plural, and how one of them is called.
type axis struct{ letter, english, korean string }

// named is an input with the name it has in the exercise.
type named struct {
	name  string
	array *Array
}

// slip is a usual mistake: what it does to the rule, and what to say to whoever made it.
// In more than one way to make it, each is a slip of its own.
type slip[R any] struct {
	make func(*R)
	hint both
}

// trait is what some cases have in common: "it goes wrong only where …".
type trait[C any] struct {
	has   func(C) bool
	where both
}

// probe changes one argument of a case, where the right answer depends on it.
type probe[C any] struct {
	change func(C) (C, bool)
	name   string
}

// observation is what was seen of a student's function in one case.
type observation[C any] struct {
	c       C
	want    []*Array
	got     []*Array // copies; nil where there is a problem
	problem *problem
}

// wrong reports whether part p is not right.
func (o observation[C]) wrong(p int, tolerance float64) bool {
	return o.got == nil || !same(o.got[p], o.want[p], tolerance)
}

// unknown is the panic of a rule where nobody can say what a slip gives: one student's
// loops give nothing, another's panic.
type unknown struct{}

// gives is what a rule gives in a case: arrays, or a panic; neither where nobody knows.
func (t task[C, R]) gives(c C, r R) (arrays []*Array, panicked any) {
	defer func() {
		if panicked = recover(); panicked != nil {
			arrays = nil
			if _, unsure := panicked.(unknown); unsure {
				panicked = nil
			}
		}
	}()
	return t.rule(c, r), nil
}

// close is how far two numbers may differ for another order of additions.
func (t task[C, R]) close() float64 {
	if t.tolerance > 0 {
		return t.tolerance
	}
	return 1e-9
}

// same allows for another order of additions. What is not a number equals itself.
func same(got, want *Array, tolerance float64) bool {
	return sameShape(got, want) && sameValues(got, want, tolerance)
}

// sameValues is same whatever the shapes are.
func sameValues(got, want *Array, tolerance float64) bool {
	if got.Size() != want.Size() {
		return false
	}
	for i, w := range want.Data() {
		g := got.Data()[i]
		switch {
		case math.IsNaN(w):
			if !math.IsNaN(g) {
				return false
			}
		case g == w:
		case !(math.Abs(g-w) <= tolerance*(1e-3+math.Abs(w))): // true of what is not a number, too
			return false
		}
	}
	return true
}

func sameShape(a, b *Array) bool { return slices.Equal(a.Shape(), b.Shape()) }

// show writes what the case is, with its inputs.
func (t task[C, R]) show(c C) string {
	var b strings.Builder
	if t.about != nil {
		if text := t.about(c); text != "" {
			fmt.Fprintln(&b, text)
		}
	}
	for _, in := range t.inputs(c) {
		fmt.Fprintf(&b, "%s %v\n%s\n", in.name, in.array.Shape(), indented(shortened(in.array.String())))
	}
	return b.String()
}

// shortened keeps an array from filling the page.
func shortened(text string) string {
	const most = 30
	lines := strings.Split(text, "\n")
	if len(lines) <= most {
		return text
	}
	return strings.Join(lines[:most], "\n") + fmt.Sprintf("\n… %d more lines · %d줄 더 있습니다", len(lines)-most, len(lines)-most)
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n  "), "\n  \n", "\n\n")
}

// one is the list of parts of an exercise that asks for a single array.
func one(axes ...axis) []part { return []part{{axes: axes}} }

// short keeps one decimal of each number, so that a case can be worked out on paper.
func short(a *Array) *Array {
	return a.Map(func(v float64) float64 { return math.Round(10*v)/10 + 0 }) // + 0: no -0
}

// counting fills arrays with 1, 2, 3, …, so that a reader finds each value again.
func counting(shape ...int) *Array {
	size := 1
	for _, n := range shape {
		size *= n
	}
	return ndarray.Arange[float64](size).Map(func(v float64) float64 { return v + 1 }).Reshape(shape...)
}

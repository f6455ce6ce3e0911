package exercise

import (
	"fmt"
	"math"
	"strings"
	"time"

	"convbook/pkg/ndarray"
)

// timeLimit is how long a student's function may take for one small case.
var timeLimit = 5 * time.Second

// named is an input with the name it has in the exercise.
type named struct {
	name  string
	array *Array
}

// sample is one case of an exercise.
type sample struct {
	about  string // "window 2 x 2, stride 1, pad 0"
	inputs []named
	answer func() *Array // the student's
	want   *Array

	// wrong is what each of the usual mistakes gives, in the order of the hints;
	// nil where a mistake makes no difference or no sense, unfit where nobody can
	// say what it gives.
	wrong func() []*Array
}

// unfit stands for the answer of a mistake by which the window no longer fits into the
// image: one student's loops give nothing, another's panic.
var unfit = ndarray.Zeros[float64](0)

// task is an exercise: cases in order of size, and the hints for usual mistakes.
type task struct {
	name    string
	samples []sample
	hints   []both
}

// failure is a case that went wrong.
type failure struct {
	sample sample
	got    *Array
}

// enough failures to tell one usual mistake from another.
const enough = 40

// check runs all cases and reports.
func check(t task) {
	var failures []failure
	var first *problem // of the smallest case that panics or does not end
	var input string   // of that case
	for _, s := range t.samples {
		before := make([]*Array, len(s.inputs))
		for i, in := range s.inputs {
			before[i] = in.array.Clone()
		}
		got, problem := guarded(s.answer)
		switch {
		case problem != nil:
			if first == nil && len(failures) == 0 {
				first, input = problem, s.show(before)
			}
			if problem.endless {
				t.conclude(failures, first, input)
				return
			}
			continue // other cases may tell why
		case got == nil:
			failed(t.name, notYet)
			return
		}
		for i, in := range s.inputs {
			if !in.array.Equal(before[i]) {
				failed(t.name, both{
					fmt.Sprintf("the input %s was changed. Work on a copy: %s.Clone().", in.name, in.name),
					fmt.Sprintf("입력 %s의 값이 바뀌었습니다. %s.Clone()으로 복사본을 만들어 쓰세요.", in.name, in.name),
				}, s.show(before))
				return
			}
		}
		if !right(got, s.want) {
			if failures = append(failures, failure{s, got.Clone()}); len(failures) == enough {
				break
			}
		}
	}
	t.conclude(failures, first, input)
}

// conclude reports what was seen: a problem when it came before any difference and no usual
// mistake explains it, else the differences.
func (t task) conclude(failures []failure, first *problem, input string) {
	hint, explained := t.hint(failures)
	switch {
	case first != nil && !explained:
		first.report(t.name, input)
	case len(failures) == 0:
		passed(t.name, both{fmt.Sprintf("All %d cases agree.", len(t.samples)), fmt.Sprintf("%d가지 경우가 모두 맞습니다.", len(t.samples))})
	case untouched(failures):
		failed(t.name, notYet)
	default:
		reportDifference(t.name, failures[0], hint)
	}
}

// untouched reports whether all answers are zeros, as of a skeleton.
func untouched(failures []failure) bool {
	for _, f := range failures {
		for _, v := range f.got.Data() {
			if v != 0 {
				return false
			}
		}
	}
	return true
}

// right allows for another order of additions.
func right(got, want *Array) bool {
	return sameShape(got, want) && got.AllClose(want, 1e-9, 1e-9)
}

// matches is right where values that are not numbers count as equal.
func matches(got, wrong *Array) bool {
	number := func(v float64) float64 {
		if math.IsNaN(v) {
			return math.MaxFloat64
		}
		return v
	}
	return right(got.Map(number), wrong.Map(number))
}

func sameShape(a, b *Array) bool { return fmt.Sprint(a.Shape()) == fmt.Sprint(b.Shape()) }

// reportDifference shows the smallest failure, and the hint where there is one.
func reportDifference(name string, smallest failure, hint both) {
	what := both{"not yet. The smallest case that differs:", "아직 다릅니다. 결과가 다른 가장 작은 경우는 다음과 같습니다."}
	texts := []string{smallest.sample.show(nil)}
	if sameShape(smallest.got, smallest.sample.want) {
		texts = append(texts, sideBySide(smallest.got.String(), smallest.sample.want.String()))
	} else {
		texts = append(texts, fmt.Sprintf("got the shape %v, want %v · 형상이 %v입니다. %v이어야 합니다.",
			smallest.got.Shape(), smallest.sample.want.Shape(), smallest.got.Shape(), smallest.sample.want.Shape()),
			sideBySide(smallest.got.String(), smallest.sample.want.String()))
	}
	if hint != (both{}) {
		texts = append(texts, "Hint: "+hint.english+"\n힌트: "+hint.korean)
	}
	failed(name, what, texts...)
}

// hint finds the first usual mistake that gives the student's answer in every
// failure where it gives one.
func (t task) hint(failures []failure) (both, bool) {
	for i, hint := range t.hints {
		explained := 0
		for _, f := range failures {
			wrong := f.sample.wrong()[i]
			if wrong == unfit {
				continue
			}
			if wrong == nil || !matches(f.got, wrong) {
				explained = 0
				break
			}
			explained++
		}
		if explained > 0 {
			return hint, true
		}
	}
	return both{}, false
}

// show writes what the case is, with its inputs as they were before.
func (s sample) show(before []*Array) string {
	var b strings.Builder
	if s.about != "" {
		fmt.Fprintln(&b, s.about)
	}
	for i, in := range s.inputs {
		array := in.array
		if before != nil {
			array = before[i]
		}
		fmt.Fprintf(&b, "%s %v\n%s\n", in.name, array.Shape(), indented(array.String()))
	}
	return b.String()
}

func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

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

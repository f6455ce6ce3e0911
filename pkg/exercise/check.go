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
	// say what it gives. The shape does not matter.
	wrong func() []*Array

	oblong, oblongWindow bool // the image or the window is not square
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
	var o outcome
	for _, s := range t.samples {
		before := make([]*Array, len(s.inputs))
		for i, in := range s.inputs {
			before[i] = in.array.Clone()
		}
		got, problem := guarded(s.answer)
		switch {
		case problem != nil:
			if o.first == nil && o.smallest == nil {
				o.first, o.input = problem, s.show(before)
			}
			if problem.endless {
				t.conclude(o)
				return
			}
			o.bad = append(o.bad, s)
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
			f := failure{s, got.Clone()}
			if o.smallest == nil {
				o.smallest = &f
			}
			if o.bad = append(o.bad, s); !matches(got, s.want) && len(o.telling) < enough {
				o.telling = append(o.telling, f)
			}
		}
	}
	t.conclude(o)
}

// outcome is what was seen of a student's function.
type outcome struct {
	smallest *failure
	telling  []failure // in which more than the shape is wrong, but not more than enough
	bad      []sample  // those that fail and those that panic
	first    *problem  // of the smallest case that panics or does not end, where none failed before
	input    string    // of that case
}

// conclude reports what was seen: a problem when it came before any difference and no usual
// mistake explains it, else the differences.
func (t task) conclude(o outcome) {
	hint, explained := t.hint(o.telling)
	if o.smallest != nil && len(o.telling) == 0 {
		hint, explained = wrongShape, true
	}
	if !explained {
		hint = lopsided(o.bad)
	}
	switch {
	case o.first != nil && !explained:
		o.first.report(t.name, o.input, hint)
	case o.smallest == nil:
		passed(t.name, both{fmt.Sprintf("All %d cases agree.", len(t.samples)), fmt.Sprintf("%d가지 경우가 모두 맞습니다.", len(t.samples))})
	case untouched(o.telling):
		failed(t.name, notYet)
	default:
		reportDifference(t.name, *o.smallest, hint)
	}
}

// untouched reports whether all answers are zeros, as of a skeleton.
func untouched(failures []failure) bool {
	if len(failures) == 0 {
		return false
	}
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

// matches is right but for the shape, and values that are not numbers count as equal.
func matches(got, wrong *Array) bool {
	number := func(v float64) float64 {
		if math.IsNaN(v) {
			return math.MaxFloat64
		}
		return v
	}
	return got.Size() == wrong.Size() && right(got.Reshape(-1).Map(number), wrong.Reshape(-1).Map(number))
}

// attempt is nil where a mistake panics, as the student's function does then.
func attempt(mistake func() *Array) (wrong *Array) {
	defer func() {
		if recover() != nil {
			wrong = nil
		}
	}()
	return mistake()
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
	failed(name, what, append(texts, hint.text())...)
}

// text is what a student reads of a hint, nothing where there is none.
func (hint both) text() string {
	if hint == (both{}) {
		return ""
	}
	return "Hint: " + hint.english + "\n힌트: " + hint.korean
}

var wrongShape = both{"the numbers and their order are right; only the shape differs: Reshape the result.", "값과 순서는 맞고 형상만 다릅니다. 결과를 Reshape하세요."}

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

// lopsided finds that everything goes wrong where an image, or a window, is not square, and
// only there.
func lopsided(bad []sample) both {
	image, window := len(bad) > 0, len(bad) > 0
	for _, s := range bad {
		image, window = image && s.oblong, window && s.oblongWindow
	}
	switch {
	case image:
		return both{"it goes wrong only where the image is not square: height and width change places somewhere.", "정사각형이 아닌 이미지에서만 틀립니다. 어딘가에서 높이와 너비가 뒤바뀌었습니다."}
	case window:
		return both{"it goes wrong only where the window is not square: its height and width change places somewhere.", "정사각형이 아닌 윈도에서만 틀립니다. 어딘가에서 윈도의 높이와 너비가 뒤바뀌었습니다."}
	}
	return both{}
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

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n  "), "\n  \n", "\n\n")
}

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

package exercise

import (
	"fmt"
	"math"
	"slices"

	"convbook/pkg/internal/shapes"
)

// Number checks a number worked out by hand, or by a program: a count exactly, any other
// number to two significant digits, as the text of the exercise says. NotYet is no answer
// yet. what names the number; the answer is kept here, not in the cell.
func Number[T int | float64](what string, answer T) { checkNumber(what, float64(answer)) }

func checkNumber(what string, answer float64) {
	q, found := numbers[what]
	if !found {
		failed(what, noSuchExercise)
		return
	}
	want := q.want()
	if isNotYet(answer) {
		unwritten(what, notYet)
		return
	}
	if q.right(answer, want) {
		passed(what, both{"It is %s.", "답은 %s입니다."}.with(digits(want)))
		return
	}
	shown := digits(answer)
	if shown == digits(want) {
		shown, _ = apart(answer, want)
	}
	for _, h := range q.hints {
		near := !q.exact && h.instead != 0 && answer != 0 && math.Abs(answer-h.instead) <= 1e-3*math.Abs(h.instead)
		if h.instead == answer || near {
			failed(what, both{"not %s.", "%s이(가) 아닙니다."}.with(shown), h.hint.text())
			return
		}
	}
	if answer == 0 && !q.exact {
		failed(what, both{"not 0.", "0이 아닙니다."}, both{
			"a division of whole numbers drops the fraction in Go: 2/3 is 0. Write 2.0/3.",
			"Go에서 정수끼리 나누면 소수 부분이 버려져 2/3은 0입니다. 2.0/3으로 쓰세요."}.text())
		return
	}
	size := both{"%s is too large.", "%s은(는) 너무 큽니다."}
	switch {
	case math.IsNaN(answer):
		size = both{"%s is not a number.", "%s은(는) 수가 아닙니다."}
	case answer < want:
		size = both{"%s is too small.", "%s은(는) 너무 작습니다."}
	}
	failed(what, size.with(shown))
}

var noSuchExercise = both{"there is no exercise with this name: copy the line of the check from the original notebook.", "이런 이름의 문제가 없습니다. 원래 노트북에서 검사하는 줄을 복사하세요."}

// question is a number that is asked for.
type question struct {
	exact bool // a count; any other number is right to two significant digits
	want  func() float64
	hints []insteadOf
}

// insteadOf is what to tell somebody whose answer is another number.
type insteadOf struct {
	instead float64
	hint    both
}

func (q question) right(answer, want float64) bool {
	if q.exact || want == 0 {
		return answer == want
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(want)))-1) // of the second digit
	return math.Abs(answer-want) <= unit/2
}

// digits writes a whole number in full and any other with five digits.
func digits(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.5g", v)
}

// Shape checks a shape worked out by hand. An empty answer is none yet. what is the
// expression whose shape is asked for; the answer is kept here.
func Shape(what string, answer []int) {
	want, found := axesAsked[what]
	text := shapes.Text
	switch {
	case !found:
		failed(what, noSuchExercise)
	case slices.Equal(answer, want()):
		passed(what, both{"It is %s.", "답은 %s입니다."}.with(text(answer)))
	case len(answer) == 0:
		unwritten(what, notYet)
	case len(answer) != len(want()):
		failed(what, both{"%s has the wrong number of axes, %d.", "%s의 축은 %d개인데, 축의 수가 다릅니다."}.with(text(answer), len(answer)))
	default:
		axis := 0
		for answer[axis] == want()[axis] {
			axis++
		}
		failed(what, both{"%s differs at axis %d.", "%s은(는) %d번 축이 다릅니다."}.with(text(answer), axis))
	}
}

// AtLeast checks a number that has to be reached, such as the accuracy of a trained
// network. what names it in English; how much is asked for is kept here.
func AtLeast(what string, got float64) {
	want, found := goals[what]
	switch {
	case !found:
		failed(what, noSuchExercise)
	case isNotYet(got):
		unwritten(what, notYet)
	case got >= want:
		passed(what, both{"%.4f; %.4g was asked for.", "결과는 %.4f입니다(목표 %.4g)."}.with(got, want))
	default:
		failed(what, both{"%.4f so far; %.4g is asked for.", "지금은 %.4f입니다. 목표는 %.4g입니다."}.with(got, want))
	}
}

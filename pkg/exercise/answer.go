package exercise

import (
	"fmt"
	"math"
	"slices"

	"convbook/pkg/internal/shapes"
)

// Hint is what to tell somebody whose answer is the number Instead.
type Hint struct {
	Instead         float64
	English, Korean string
}

// Number checks a number worked out by hand: a whole number exactly, any other to a
// thousandth of its size. An answer of 0 counts as none yet, unless 0 is right. what names the number in English.
func Number(what string, answer, want float64, hints ...Hint) {
	switch {
	case nearly(answer, want):
		passed(what, both{"It is " + digits(want) + ".", "답은 " + digits(want) + "입니다."})
	case answer == 0:
		failed(what, notYet)
	default:
		for _, h := range hints {
			if nearly(answer, h.Instead) {
				failed(what, both{"not " + digits(answer) + ".", digits(answer) + "이(가) 아닙니다."},
					"Hint: "+h.English+"\n힌트: "+h.Korean)
				return
			}
		}
		size := both{"too large", "너무 큽니다"}
		if answer < want {
			size = both{"too small", "너무 작습니다"}
		}
		failed(what, both{digits(answer) + " is " + size.english + ".", digits(answer) + "은(는) " + size.korean + "."})
	}
}

// nearly forgives rounding, but no count that is off by a few.
func nearly(a, b float64) bool {
	if a == math.Trunc(a) && b == math.Trunc(b) {
		return a == b
	}
	return math.Abs(a-b) <= 1e-3*math.Abs(b)
}

// digits writes a whole number in full and any other with five digits.
func digits(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.5g", v)
}

// Shape checks a shape worked out by hand. An empty answer counts as none yet, unless the
// shape has no axes.
func Shape(what string, answer, want []int) {
	text := shapes.Text
	switch {
	case slices.Equal(answer, want):
		passed(what, both{"It is " + text(want) + ".", "답은 " + text(want) + "입니다."})
	case len(answer) == 0:
		failed(what, notYet)
	case len(answer) != len(want):
		failed(what, both{
			fmt.Sprintf("%s has the wrong number of axes, %d.", text(answer), len(answer)),
			fmt.Sprintf("%s의 축은 %d개인데, 축의 수가 다릅니다.", text(answer), len(answer))})
	default:
		axis := 0
		for answer[axis] == want[axis] {
			axis++
		}
		failed(what, both{
			fmt.Sprintf("%s differs at axis %d.", text(answer), axis),
			fmt.Sprintf("%s은(는) %d번 축이 다릅니다.", text(answer), axis)})
	}
}

// AtLeast checks a number that has to be reached, such as the accuracy of a trained
// network. what names it in English.
func AtLeast(what string, got, want float64) {
	if got >= want {
		passed(what, both{fmt.Sprintf("%.4f; %.4g was asked for.", got, want), fmt.Sprintf("결과는 %.4f입니다(목표 %.4g).", got, want)})
		return
	}
	failed(what, both{fmt.Sprintf("%.4f so far; %.4g is asked for.", got, want), fmt.Sprintf("지금은 %.4f입니다. 목표는 %.4g입니다.", got, want)})
}

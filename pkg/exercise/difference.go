package exercise

import (
	"fmt"
	"math"
	"strings"

	"convbook/pkg/internal/shapes"
)

// difference shows the smallest case that differs, its parts that do, and what else
// there is to say.
func (t task[C, R]) difference(bad observation[C], more ...string) {
	texts := []string{t.show(bad.c)}
	if len(t.parts) > 1 {
		var marks []string
		for p, part := range t.parts {
			mark := "✓"
			if bad.wrong(p, t.close()) {
				mark = "✗"
			}
			marks = append(marks, part.name+" "+mark)
		}
		texts = append(texts, strings.Join(marks, "   "))
	}
	for p, part := range t.parts {
		if !bad.wrong(p, t.close()) {
			continue
		}
		got, want := bad.got[p], bad.want[p]
		if len(t.parts) > 1 {
			texts = append(texts, part.name)
		}
		if !sameShape(got, want) {
			texts = append(texts, fmt.Sprintf("got the shape %v, want %v · 형상이 %v입니다. %v이어야 합니다.", got.Shape(), want.Shape(), got.Shape(), want.Shape()))
		}
		texts = append(texts, sideBySide(shortened(got.String()), shortened(want.String())))
		if sameShape(got, want) && got.String() == want.String() {
			texts = append(texts, t.digits(got, want))
		}
	}
	what := both{"not right yet. The smallest case that differs:", "아직 다릅니다. 결과가 다른 가장 작은 경우는 다음과 같습니다."}
	failed(t.name, what, append(texts, more...)...)
}

// digits names the element that differs most, where the arrays print alike.
func (t task[C, R]) digits(got, want *Array) string {
	worst, at := -1.0, 0
	for i, w := range want.Data() {
		if d := math.Abs(got.Data()[i] - w); d > worst || math.IsNaN(d) {
			worst, at = d, i
		}
	}
	index := make([]int, want.NDim())
	for k, rest := want.NDim()-1, at; k >= 0; k-- {
		index[k], rest = rest%want.Dim(k), rest/want.Dim(k)
	}
	g, w := apart(got.Data()[at], want.Data()[at])
	return fmt.Sprintf("at · 위치 %s: got %s, want %s", shapes.Text(index), g, w)
}

// apart writes two numbers with as many digits as it takes to tell them apart.
func apart(a, b float64) (string, string) {
	for digits := 5; digits < 17; digits++ {
		s, t := fmt.Sprintf("%.*g", digits, a), fmt.Sprintf("%.*g", digits, b)
		if s != t {
			return fmt.Sprintf("%.*g", digits+1, a), fmt.Sprintf("%.*g", digits+1, b)
		}
	}
	return fmt.Sprint(a), fmt.Sprint(b)
}

package ndarray

import (
	"fmt"
	"strings"
)

// ShapeError is the panic of every operation whose shapes do not fit.
type ShapeError struct {
	Op   string // what was attempted, e.g. "Dot" or "Convolution.Forward"
	Got  []int  // the shape that was given
	Want []int  // the shape it was held against; -1 stands for any size
	Hint string // what to do about it, or why it does not fit; may be empty
}

// Error names the operation, both shapes and the hint.
func (e *ShapeError) Error() string {
	text := fmt.Sprintf("%s: got shape %s, want %s", e.Op, ShapeText(e.Got), ShapeText(e.Want))
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

// ShapeText writes a shape as Python writes a tuple: (10, 1, 28, 28), (3,), ().
// A size of -1 is written "any".
func ShapeText(shape []int) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, n := range shape {
		if i > 0 {
			b.WriteString(", ")
		}
		if n == -1 {
			b.WriteString("any")
		} else {
			fmt.Fprint(&b, n)
		}
	}
	if len(shape) == 1 {
		b.WriteByte(',')
	}
	b.WriteByte(')')
	return b.String()
}

// CheckShape panics with a *ShapeError unless got equals want, where a size of
// -1 in want stands for any size.
func CheckShape(op string, got, want []int, hint string) {
	if len(got) == len(want) {
		fits := true
		for i := range got {
			fits = fits && (want[i] == -1 || got[i] == want[i])
		}
		if fits {
			return
		}
	}
	panic(&ShapeError{Op: op, Got: append([]int(nil), got...), Want: append([]int(nil), want...), Hint: hint})
}

// Package exercise checks what a student wrote against the reference and says, in
// English and in Korean, what differs.
//
//	exercise.Im2col(myIm2col)
//
// A function is tried on small cases in order of their size, so that what is shown is
// the smallest one that fails, with its input, and with got and want side by side.
// Where the answer is that of a usual mistake (axes swapped, padding forgotten, the
// bias left out) a hint names it. A panic, an endless loop and a changed input are
// reported, too. A function that returns nil counts as not yet written.
//
// Everything goes to the standard output. With CONVBOOK_EXERCISE=strict in the
// environment an answer that is not right ends the program with status 1: so a
// teacher makes sure that the solutions pass.
package exercise

import (
	"fmt"
	"io"
	"os"
	"strings"

	"convbook/pkg/ndarray"
)

// Array is what the exercises compute with.
type Array = ndarray.Array[float64]

// StrictVariable names the variable that makes checks strict.
const StrictVariable = "CONVBOOK_EXERCISE"

// Where reports go, and what ends a strict program.
var (
	out  io.Writer = os.Stdout
	exit           = os.Exit
)

// both is a text in the two languages of the course.
type both struct{ english, korean string }

// passed reports a right answer.
func passed(name string, detail both) {
	fmt.Fprintf(out, "✓ %s: right. %s\n  정답입니다. %s\n", name, detail.english, detail.korean)
}

// failed reports one that is not right: what is wrong, then whatever helps.
func failed(name string, what both, more ...string) {
	fmt.Fprintf(out, "✗ %s: %s\n  %s\n", name, what.english, what.korean)
	for _, text := range more {
		if text != "" {
			fmt.Fprintln(out, strings.TrimRight(text, "\n"))
		}
	}
	if os.Getenv(StrictVariable) == "strict" {
		exit(1)
	}
}

var notYet = both{
	"not yet. Write the answer and run the cell again.",
	"아직입니다. 답을 작성한 다음 셀을 다시 실행하세요.",
}

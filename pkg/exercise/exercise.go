// Package exercise checks what a student wrote against the reference and says, in
// English and in Korean, what differs and why.
//
//	exercise.Im2col(myIm2col)
//
// A function is tried on small cases in order of their size, so that what is shown is
// the smallest one that fails, with its input, and with got and want side by side. The
// hint comes from evidence gathered over all cases: a usual slip, or two of them, whose
// answers are the student's; how the answer is related to the right one (a factor, the
// order of the axes); which arguments it does not depend on; in which cases it goes
// wrong; what a panic says. Where nothing explains the answer there is no hint.
//
// A panic, an endless loop, endless printing, an end of the program, a function that
// takes gigabytes, and a changed input are reported, too. A function that returns nil,
// or what the skeleton of the notebook returns, counts as not yet written.
//
// Everything goes to the standard output. With CONVBOOK_EXERCISE=strict in the
// environment, or where nbgrader runs the notebook (NBGRADER_EXECUTION), an answer that
// is not right ends the program with status 1; see record.go for how a strict run knows
// that each check was passed.
package exercise

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"convbook/pkg/ndarray"
)

// Array is what the exercises compute with.
type Array = ndarray.Array[float64]

// NotYet stands for a number that is not known yet, in the cell of an exercise.
var NotYet = math.Float64frombits(0x7ff8_0000_c0de_0001) // not a number, and told from others by its bits

func isNotYet(v float64) bool { return math.Float64bits(v) == math.Float64bits(NotYet) }

// StrictVariable names the variable that makes checks strict.
const StrictVariable = "CONVBOOK_EXERCISE"

// Where reports go, and what ends a strict program.
var (
	out  io.Writer = os.Stdout
	exit           = os.Exit
)

// both is a text in the two languages of the course.
type both struct{ english, korean string }

func (b both) empty() bool { return b == both{} }

// with fills both texts in as fmt.Sprintf does, with the same values.
func (b both) with(values ...any) both {
	return both{fmt.Sprintf(b.english, values...), fmt.Sprintf(b.korean, values...)}
}

// text is what a student reads of a hint, nothing where there is none.
func (b both) text() string {
	if b.empty() {
		return ""
	}
	return "Hint: " + b.english + "\n힌트: " + b.korean
}

// passed reports a right answer.
func passed(name string, detail both) {
	fmt.Fprintf(out, "✓ %s: right. %s\n  정답입니다. %s\n", name, detail.english, detail.korean)
	record(name, right)
}

// failed reports one that is not right: what is wrong, then whatever helps.
func failed(name string, what both, more ...string) { reported(notRight, name, what, more) }

// unwritten reports one that is as the notebook hands it out.
func unwritten(name string, what both) { reported(notWritten, name, what, nil) }

// unanswered reports a function that gave no answer and could not be tried any further.
func unanswered(name string, what both, more ...string) { reported(noAnswer, name, what, more) }

func reported(v verdict, name string, what both, more []string) {
	fmt.Fprintf(out, "✗ %s: %s\n  %s\n", name, what.english, what.korean)
	for _, text := range more {
		if text != "" {
			fmt.Fprintln(out, strings.TrimRight(text, "\n"))
		}
	}
	record(name, v)
	if strict() {
		exit(1)
	}
}

var notYet = both{
	"not written yet. Write the answer, run it, and check again.",
	"아직 작성하지 않았습니다. 답을 작성해 실행한 다음 다시 검사하세요.",
}

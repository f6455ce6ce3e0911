package exercise

import (
	"fmt"
	"os"
	"strings"
)

// RecordVariable names the variable in which the runner of a notebook says where a
// strict run records its verdicts: a word of the run's own, a colon, and the path of a
// file. Each check that ends adds one line to the file: that word, the verdict and the
// check's name. A check that ended the program, was deleted, or never ran leaves no line,
// and printing a ✓ leaves none either.
//
// The variables are read, and this one is removed, before the first line of a cell
// runs. What runs in the same process can still be outwitted by somebody who sets out
// to: whoever marks work that counts runs it in a sandbox as well.
const RecordVariable = "CONVBOOK_EXERCISE_RECORD"

// verdict is how a check ended.
type verdict string

const (
	right      verdict = "right"
	notRight   verdict = "not-right"
	notWritten verdict = "not-written"
	noAnswer   verdict = "no-answer" // an endless loop, too much memory
)

// setting is the environment as it was before any line of a cell.
var setting = func() (s struct {
	strict     bool
	word, path string
}) {
	s.strict = os.Getenv(StrictVariable) == "strict" || os.Getenv("NBGRADER_EXECUTION") != ""
	s.word, s.path, _ = strings.Cut(os.Getenv(RecordVariable), ":")
	os.Unsetenv(RecordVariable)
	return s
}()

func strict() bool { return setting.strict }

// record adds the verdict of a check to the file of a strict run.
func record(name string, v verdict) {
	if setting.path == "" {
		return
	}
	f, err := os.OpenFile(setting.path, os.O_WRONLY|os.O_APPEND, 0)
	if err == nil {
		_, err = fmt.Fprintf(f, "%s %s %q\n", setting.word, v, name)
		if closing := f.Close(); err == nil {
			err = closing
		}
	}
	if err != nil {
		fmt.Fprintf(out, "the verdict on %s could not be recorded: %v\n", name, err)
	}
}

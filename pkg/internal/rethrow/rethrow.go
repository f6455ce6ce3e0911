// Package rethrow passes a panic on from where it was caught, to another goroutine or as an
// error, without losing the lines of the program in which it arose: Go shows the stack of
// the last panic alone.
package rethrow

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// Panic is a panic that came from the program itself, not from a package.
type Panic struct {
	Value any      // as it was panicked with
	Lines []string // of the program, the innermost first, as in "main.go line 12"
}

// Error is what was said, and where: "index out of range [main.go line 12, main.go line 30]".
// The kernel of the notebooks turns that into lines of cells.
func (p *Panic) Error() string {
	return fmt.Sprintf("%s [%s]", p.Said(), strings.Join(p.Lines, ", "))
}

// Said is the message without the lines.
func (p *Panic) Said() string { return fmt.Sprint(p.Value) }

// Unwrap is the value, if it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// most is how many lines are kept of a program that calls itself.
const most = 5

// Value returns what to panic with in place of a value that was just recovered: a *Panic
// where lines of the program were on the way, the value itself where there were none. It
// must be called by the deferred function that recovered it; by names the function that
// deferred that, as in "workers.(*Job).work", for what called this one is not lost.
func Value(recovered any, by string) any {
	var lines []string
	callers := make([]uintptr, 200)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "/"+by) {
			break
		}
		if strings.HasPrefix(frame.Function, "main.") && len(lines) < most {
			lines = append(lines, fmt.Sprintf("%s line %d", filepath.Base(frame.File), frame.Line))
		}
		if !more {
			break
		}
	}
	if len(lines) == 0 {
		return recovered
	}
	if before, ok := recovered.(*Panic); ok {
		return &Panic{before.Value, append(before.Lines[:len(before.Lines):len(before.Lines)], lines...)}
	}
	return &Panic{recovered, lines}
}

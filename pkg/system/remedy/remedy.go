// Package remedy gives errors a field that says what to do about them, so that a
// program that shows the two apart need not read sentences.
package remedy

import (
	"errors"
	"fmt"
	"strings"
)

// Error is a problem with what to do about it.
type Error struct {
	Problem error
	Remedy  string
}

// Error is the problem, and behind a semicolon what to do about it.
func (e *Error) Error() string { return e.Problem.Error() + "; " + e.Remedy }

// Unwrap returns the problem.
func (e *Error) Unwrap() error { return e.Problem }

// Errorf returns a problem, as fmt.Errorf makes it, with its remedy.
func Errorf(remedy, format string, args ...any) error {
	return &Error{fmt.Errorf(format, args...), remedy}
}

// Split returns what an error says without its remedy, and the remedy, "" where it
// has none.
func Split(err error) (problem, remedy string) {
	problem = err.Error()
	var e *Error
	if !errors.As(err, &e) {
		return problem, ""
	}
	return strings.TrimSuffix(problem, "; "+e.Remedy), e.Remedy
}

package main

import (
	"errors"
	"fmt"
	"io"

	"convbook/kernel/internal/runs"
	"convbook/kernel/internal/setup"
	"convbook/pkg/system/private"
	"convbook/pkg/system/venv"
)

// removeLeftovers ends and removes what commands left behind that were killed: kernels,
// builds, half an environment. It returns of how many that was.
func removeLeftovers() (removed int, err error) {
	for _, some := range []func() (int, error){runs.RemoveLeftovers, setup.RemoveLeftovers} {
		n, failed := some()
		removed += n
		err = errors.Join(err, failed)
	}
	removed += venv.RemoveLeftovers()
	if n := private.RemoveLeftovers(); removed == 0 { // else of the same programs
		removed = n
	}
	return removed, err
}

// tidy removes leftovers, and tells log if there were any. That nothing could be
// removed is no reason not to go on.
func tidy(log io.Writer) {
	if n, err := removeLeftovers(); err == nil && n > 0 {
		fmt.Fprintf(log, "%-14s %s\n", "Left behind", leftBy(n))
	}
}

// leftBy tells what was removed.
func leftBy(killed int) string {
	return "by " + counted(killed, "killed program") + ": ended and removed"
}

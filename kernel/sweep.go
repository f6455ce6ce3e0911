package main

import (
	"errors"
	"fmt"
	"io"

	"convbook/kernel/internal/lab"
	"convbook/kernel/internal/runs"
	"convbook/kernel/internal/setup"
)

// sweep ends and removes what commands left behind that were killed: kernels, builds,
// half an environment. It returns of how many that was.
func sweep() (swept int, err error) {
	for _, some := range []func() (int, error){runs.Sweep, setup.Sweep, lab.Sweep} {
		n, failed := some()
		swept += n
		err = errors.Join(err, failed)
	}
	return swept, err
}

// tidy sweeps, and tells log if there was something. That nothing could be swept is no
// reason not to go on.
func tidy(log io.Writer) {
	if n, err := sweep(); err == nil && n > 0 {
		fmt.Fprintf(log, "%-14s %s\n", "Left behind", removed(n))
	}
}

// removed tells what a sweep did.
func removed(swept int) string {
	return "by " + counted(swept, "killed program") + ": ended and removed"
}

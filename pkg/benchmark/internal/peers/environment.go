// Package peers runs what convbook is measured against: the class's algorithm in
// NumPy and PyTorch, each in a Python process that answers step by step, so that
// rounds of all of them can alternate.
package peers

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"runtime"

	"convbook/pkg/system/venv"
)

// requirements pins NumPy, PyTorch and all that they need, with hashes. It is made
// from requirements.in by
//
//	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header requirements.in -o requirements.txt
//
//go:embed requirements.txt
var requirements []byte

var environment = venv.Environment{Prefix: "peers-", Packages: requirements, Oldest: 11, Newest: 14}

// ErrNoPython says that there is nothing to make an environment with.
var ErrNoPython = errors.New("there is no Python 3.11 to 3.14; install uv (https://docs.astral.sh/uv) or Python to see NumPy and PyTorch beside convbook")

// Find returns the Python of the environment with the peers, making the
// environment where it is not there and telling log how it goes.
func Find(ctx context.Context, log io.Writer) (program string, err error) {
	program, err = environment.Make(ctx, "python", venv.Told{
		Waits: func() { fmt.Fprintln(log, "waiting for another command that installs NumPy and PyTorch") },
		Begins: func(dir string) {
			fmt.Fprintf(log, "NumPy and PyTorch are installed once for the comparison, into\n%s\n", dir)
			if runtime.GOOS == "linux" {
				fmt.Fprintln(log, "(3 GB to fetch and 5 GB on disk, for PyTorch on Linux brings its GPU libraries; `go run ./kernel clean` removes them, -peers=false does without)")
			}
		},
		Line: func(line string) { fmt.Fprintf(log, "  %s\n", line) },
	})
	switch {
	case errors.Is(err, venv.ErrNoPython):
		return "", ErrNoPython
	case err != nil && ctx.Err() == nil:
		return "", fmt.Errorf("NumPy and PyTorch could not be installed: %w; connect to the network and run again", err)
	}
	return program, err
}

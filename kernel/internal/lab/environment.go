// Package lab finds JupyterLab, or makes a private Python environment with it,
// and runs it on the course's notebooks.
package lab

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"convbook/kernel/internal/progress"
	"convbook/kernel/internal/setup"
	"convbook/pkg/system/remedy"
	"convbook/pkg/system/venv"
)

// requirements pins JupyterLab and all that it needs, with hashes. It is made
// from requirements.in by
//
//	uv pip compile --universal --generate-hashes --python-version 3.10 --no-header requirements.in -o requirements.txt
//
//go:embed requirements.txt
var requirements []byte

// oldest is the major version of JupyterLab that is asked for.
const oldest = 4

// environment is the private one.
var environment = venv.Environment{Packages: requirements, Oldest: 10}

var errNoPython = remedy.Errorf("install uv (https://docs.astral.sh/uv) or Python, or JupyterLab itself, and run again",
	"JupyterLab is not installed and there is no Python 3.10 or later to install it with")

// Find returns a JupyterLab that is ready to run, "" where there is none: one on
// PATH, else the one of the private environment.
func Find(ctx context.Context) (program, version string, err error) {
	if program, err := exec.LookPath("jupyter-lab"); err == nil {
		if version, err := versionOf(ctx, program); err == nil {
			return program, version, nil
		}
	}
	if ctx.Err() != nil {
		return "", "", context.Cause(ctx)
	}
	if program, err = environment.Find("jupyter-lab"); err != nil || program == "" {
		return "", "", err
	}
	version, err = versionOf(ctx, program)
	if ctx.Err() != nil {
		return "", "", context.Cause(ctx)
	}
	if err != nil {
		return "", "", nil
	}
	return program, version, nil
}

// versionOf asks a JupyterLab for its version; the error is that it is none, or
// too old.
func versionOf(ctx context.Context, program string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w", program, err)
	}
	version := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldest {
		return "", fmt.Errorf("%s is version %s, want %d or later", program, version, oldest)
	}
	return version, nil
}

// Make makes the private environment, telling log how it goes, and returns its
// JupyterLab.
func Make(ctx context.Context, log io.Writer) (program string, err error) {
	return install(ctx, environment, "jupyter-lab", "JupyterLab", log)
}

// Python returns the Python of a private environment with the packages of a
// requirements file, pinned and hashed; what names them. It makes the environment
// where it is not there yet.
func Python(ctx context.Context, what string, packages []byte, log io.Writer) (program string, err error) {
	return install(ctx, venv.Environment{Packages: packages, Oldest: 10}, "python", what, log)
}

// install returns a program of an environment, which it makes where it is not there.
func install(ctx context.Context, e venv.Environment, program, what string, log io.Writer) (path string, err error) {
	err = progress.Run(log, what, func(step *progress.Step) (err error) {
		path, err = e.Make(ctx, program, venv.Told{
			Waits: func() { step.Say("waits for another command that installs it") },
			Watch: func(state func() venv.State) { step.Watch(func() string { return tell(state()) }) },
		})
		if errors.Is(err, venv.ErrNoPython) {
			return errNoPython
		}
		if err != nil && ctx.Err() == nil {
			return setup.Mend(err, what+" could not be installed")
		}
		return err
	})
	return path, err
}

// tell says how far the making of an environment is.
func tell(s venv.State) string {
	switch {
	case s.Installed > 0:
		return progress.Of(int64(s.Installed), int64(s.All), "packages installed")
	case s.Fetched > 0:
		return progress.Of(int64(s.Fetched), int64(s.All), "packages fetched")
	}
	return "a private Python environment"
}

// Package lab finds JupyterLab, or makes a private Python environment with it,
// and runs it on the course's notebooks.
package lab

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"convbook/kernel/internal/progress"
	"convbook/kernel/internal/setup"
	"convbook/pkg/system/lock"
	"convbook/pkg/system/private"
	"convbook/pkg/system/process"
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

// whole is a file in a private environment that was made to its end.
const whole = "whole"

var errNoPython = errors.New("JupyterLab is not installed and there is no Python 3.10 or later to install it with:\n" +
	"install uv (https://docs.astral.sh/uv) or Python, or JupyterLab itself, and run again")

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
	dir, err := environment()
	if err != nil {
		return "", "", err
	}
	if _, err := os.Stat(filepath.Join(dir, whole)); err != nil {
		return "", "", nil
	}
	program = script(dir, "jupyter-lab")
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

// environment returns the folder of the private environment. Its name depends
// on what is installed there.
func environment() (string, error) { return environmentOf(requirements) }

func environmentOf(packages []byte) (string, error) {
	cache, err := private.Folder("python")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(packages)
	return filepath.Join(cache, hex.EncodeToString(sum[:8])), nil
}

// script returns the path of a program in a Python environment.
func script(dir, name string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(dir, "Scripts", name+".exe")
	}
	return filepath.Join(dir, "bin", name)
}

// Make makes the private environment, telling log how it goes, and returns its
// JupyterLab. An environment that is not whole is never used.
func Make(ctx context.Context, log io.Writer) (program string, err error) {
	dir, err := environment()
	if err != nil {
		return "", err
	}
	program = script(dir, "jupyter-lab")
	return program, install(ctx, dir, program, "JupyterLab", requirements, log)
}

// Python returns the Python of a private environment with the packages of a
// requirements file, pinned and hashed; what names them. It makes the environment
// where it is not there yet.
func Python(ctx context.Context, what string, packages []byte, log io.Writer) (program string, err error) {
	dir, err := environmentOf(packages)
	if err != nil {
		return "", err
	}
	program = script(dir, "python")
	if works(ctx, dir, program) {
		return program, nil
	}
	return program, install(ctx, dir, program, what, packages, log)
}

// works says whether an environment was made to its end, and a program of it runs.
func works(ctx context.Context, dir, program string) bool {
	_, err := os.Stat(filepath.Join(dir, whole))
	return err == nil && exec.CommandContext(ctx, program, "--version").Run() == nil
}

// making begins the names of folders for what is written while an environment is made.
// Whoever has the lock makes it: a folder of that name that is there before was left
// behind.
const making = "making-"

// install makes the environment dir with packages, unless program runs there: another
// command may have made it meanwhile.
func install(ctx context.Context, dir, program, what string, packages []byte, log io.Writer) error {
	return progress.Run(log, what, func(step *progress.Step) error {
		held, err := lock.Wait(ctx, dir+".lock", func() { step.Say("waits for another command that installs it") })
		if err != nil {
			return err
		}
		defer held.Close()
		if works(ctx, dir, program) {
			return nil
		}
		err = fill(ctx, step, dir, packages)
		if err != nil {
			private.Remove(dir)
		}
		if err != nil && err != errNoPython {
			return fmt.Errorf("%s could not be installed: %w; %s", what, err, setup.Mend(err))
		}
		return err
	})
}

// pins matches the packages of a requirements file.
var pins = regexp.MustCompile(`(?m)^\S+==`)

// fill makes the environment dir with packages.
func fill(ctx context.Context, step *progress.Step, dir string, packages []byte) error {
	temp := filepath.Join(filepath.Dir(dir), making+filepath.Base(dir))
	if err := discard(temp, dir); err != nil {
		return err
	}
	if err := os.Mkdir(temp, 0o700); err != nil {
		return err
	}
	defer private.Remove(temp)
	list := filepath.Join(temp, "requirements.txt")
	if err := os.WriteFile(list, packages, 0o600); err != nil {
		return err
	}
	steps, err := stepsToMake(dir, list)
	if err != nil {
		return err
	}
	inside := &installation{dir: dir}
	inside.all.Store(int64(len(pins.FindAll(packages, -1))))
	step.Watch(inside.state)
	for _, args := range steps {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Env = append(os.Environ(), "TMPDIR="+temp, "TMP="+temp, "TEMP="+temp)
		if err := process.Run(ctx, cmd, inside.seen); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, whole), nil, 0o600)
}

// stepsToMake returns the commands that make an environment: by uv where there
// is one, else by Python itself.
func stepsToMake(dir, list string) ([][]string, error) {
	python := script(dir, "python")
	if uv, err := exec.LookPath("uv"); err == nil {
		return [][]string{
			{uv, "venv", dir},
			{uv, "pip", "install", "--python", python, "--require-hashes", "-r", list},
		}, nil
	}
	for _, name := range []string{"python3", "python"} {
		path, err := exec.LookPath(name)
		if err != nil || exec.Command(path, "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))").Run() != nil {
			continue
		}
		return [][]string{
			{path, "-m", "venv", dir},
			{python, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", list},
		}, nil
	}
	return nil, errNoPython
}

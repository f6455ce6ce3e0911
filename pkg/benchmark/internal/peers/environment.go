// Package peers runs what convbook is measured against: the class's algorithm in
// NumPy and PyTorch, each in a Python process that answers step by step, so that
// rounds of all of them can alternate.
package peers

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
	"runtime"
	"strings"
	"time"

	"convbook/pkg/system/lock"
	"convbook/pkg/system/private"
	"convbook/pkg/system/process"
)

// requirements pins NumPy, PyTorch and all that they need, with hashes. It is made
// from requirements.in by
//
//	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header requirements.in -o requirements.txt
//
//go:embed requirements.txt
var requirements []byte

// whole is a file in an environment that was made to its end.
const whole = "whole"

// ErrNoPython says that there is nothing to make an environment with.
var ErrNoPython = errors.New("there is no Python 3.11 to 3.14; install uv (https://docs.astral.sh/uv) or Python to see NumPy and PyTorch beside convbook")

// Find returns the Python of the environment with the peers, making the
// environment where it is not there and telling log how it goes.
func Find(ctx context.Context, log io.Writer) (python string, err error) {
	dir, err := environment()
	if err != nil {
		return "", err
	}
	held, err := lock.Wait(ctx, dir+".lock", func() { fmt.Fprintln(log, "waiting for another command that installs NumPy and PyTorch") })
	if err != nil {
		return "", err
	}
	defer held.Close()
	python = program(dir)
	if isWhole(dir) && exec.CommandContext(ctx, python, "-c", "").Run() == nil {
		return python, nil
	}
	return python, install(ctx, dir, held, log)
}

// environment returns the folder of the environment, beside the one of
// `go run ./kernel lab`. Its name depends on what is installed there.
func environment() (string, error) {
	sum := sha256.Sum256(requirements)
	name := "peers-" + hex.EncodeToString(sum[:8])
	dir, err := private.Folder("python")
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, name), nil
}

func isWhole(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, whole))
	return err == nil
}

func program(dir string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(dir, "Scripts", "python.exe")
	}
	return filepath.Join(dir, "bin", "python")
}

// install makes the environment. One that is not whole is never left behind. What
// installs has the lock, too: should we be killed, the next command waits for its end.
func install(ctx context.Context, dir string, held *os.File, log io.Writer) (err error) {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	list := dir + ".txt"
	if err := os.WriteFile(list, requirements, 0o600); err != nil {
		return err
	}
	defer os.Remove(list)
	steps, err := stepsToInstall(ctx, dir, list)
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "NumPy and PyTorch are installed once for the comparison, into\n%s\n", dir)
	if runtime.GOOS == "linux" {
		fmt.Fprintln(log, "(3 GB to fetch and 5 GB on disk, for PyTorch on Linux brings its GPU libraries; `go run ./kernel clean` removes them, -peers=false does without)")
	}
	for _, args := range steps {
		fmt.Fprintf(log, "  %s\n", strings.Join(args, " "))
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Stdout, cmd.Stderr = log, log
		if runtime.GOOS != "windows" { // where files are not handed on
			cmd.ExtraFiles = []*os.File{held}
		}
		process.OwnGroup(cmd)
		cmd.WaitDelay = time.Second
		if err := cmd.Run(); err != nil {
			os.RemoveAll(dir)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fmt.Errorf("NumPy and PyTorch could not be installed (%s: %w); connect to the network and run again", filepath.Base(args[0]), err)
		}
	}
	return os.WriteFile(filepath.Join(dir, whole), nil, 0o600)
}

// stepsToInstall returns the commands: by uv where there is one, else by Python
// itself.
func stepsToInstall(ctx context.Context, dir, list string) ([][]string, error) {
	python := program(dir)
	if uv, err := exec.LookPath("uv"); err == nil {
		return [][]string{
			{uv, "venv", "--quiet", "--python", ">=3.11,<3.15", dir},
			{uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", list},
		}, nil
	}
	for _, name := range []string{"python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"} {
		path, err := exec.LookPath(name)
		if err != nil || exec.CommandContext(ctx, path, "-c", "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))").Run() != nil {
			continue
		}
		return [][]string{
			{path, "-m", "venv", dir},
			{python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", list},
		}, nil
	}
	return nil, ErrNoPython
}

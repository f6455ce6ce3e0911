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
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"convbook/kernel/internal/setup"
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

// patience is how long a command that makes an environment may take before
// another one no longer waits for it.
const patience = 15 * time.Minute

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
	dir, err := environment()
	if err != nil {
		return "", "", err
	}
	if _, err := os.Stat(filepath.Join(dir, whole)); err != nil {
		return "", "", nil
	}
	program = script(dir, "jupyter-lab")
	version, err = versionOf(ctx, program)
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
	cache, err := setup.Cache("python")
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
// JupyterLab. An environment that is not whole is never left at its place.
func Make(ctx context.Context, log io.Writer) (program string, err error) {
	dir, err := environment()
	if err != nil {
		return "", err
	}
	if err := install(ctx, dir, "JupyterLab", requirements, log); err != nil {
		return "", err
	}
	return script(dir, "jupyter-lab"), nil
}

// Python returns the Python of a private environment with the packages of a
// requirements file, pinned and hashed; what names them. It makes the environment
// where it is not there yet.
func Python(ctx context.Context, what string, packages []byte, log io.Writer) (program string, err error) {
	dir, err := environmentOf(packages)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, whole)); err == nil {
		return script(dir, "python"), nil
	}
	return script(dir, "python"), install(ctx, dir, what, packages, log)
}

// install makes the environment dir with packages.
func install(ctx context.Context, dir, what string, packages []byte, log io.Writer) error {
	release, err := claim(dir+".lock", what)
	if err != nil {
		return err
	}
	defer release()
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	list := dir + ".txt"
	if err := os.WriteFile(list, packages, 0o600); err != nil {
		return err
	}
	defer os.Remove(list)
	steps, err := stepsToMake(dir, list)
	if err != nil {
		return err
	}
	for _, args := range steps {
		fmt.Fprintf(log, "  %s\n", strings.Join(args, " "))
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Run(); err != nil {
			os.RemoveAll(dir)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fmt.Errorf("%s could not be installed (%s: %w); connect to the network and run again", what, filepath.Base(args[0]), err)
		}
	}
	return os.WriteFile(filepath.Join(dir, whole), nil, 0o600)
}

// claim keeps other commands from making the environment at the same time.
func claim(path, what string) (release func(), err error) {
	if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > patience {
		os.Remove(path)
	}
	lock, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("another command is installing %s just now; run again when it is done, or remove %s", what, path)
	}
	if err != nil {
		return nil, err
	}
	lock.Close()
	return func() { os.Remove(path) }, nil
}

// stepsToMake returns the commands that make an environment: by uv where there
// is one, else by Python itself.
func stepsToMake(dir, list string) ([][]string, error) {
	python := script(dir, "python")
	if uv, err := exec.LookPath("uv"); err == nil {
		return [][]string{
			{uv, "venv", "--quiet", dir},
			{uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", list},
		}, nil
	}
	for _, name := range []string{"python3", "python"} {
		path, err := exec.LookPath(name)
		if err != nil || exec.Command(path, "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))").Run() != nil {
			continue
		}
		return [][]string{
			{path, "-m", "venv", dir},
			{python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", list},
		}, nil
	}
	return nil, errNoPython
}

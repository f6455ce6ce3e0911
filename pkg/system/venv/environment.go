// Package venv makes Python environments of convbook's own: virtual environments in
// a private folder, with packages pinned by version and hash. An environment that was
// not made to its end is never used.
package venv

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"

	"convbook/pkg/system/lock"
	"convbook/pkg/system/private"
	"convbook/pkg/system/process"
)

// ErrNoPython says that there is neither uv nor a Python of the wanted versions to make
// an environment with.
var ErrNoPython = errors.New("venv: there is neither uv nor a Python that fits")

// Environment is a Python environment with the packages of a requirements file.
type Environment struct {
	Prefix   string // begins the name of its folder, of which the rest depends on Packages
	Packages []byte // requirements, each with its version and its hashes
	Oldest   int    // the minor version of Python 3 that it wants at least
	Newest   int    // and at most; 0: any
}

// Told is told how the making of an environment goes. Each may be nil.
type Told struct {
	Waits  func()                   // another command makes it
	Begins func(dir string)         // this one does, in dir
	Watch  func(state func() State) // and this is how far it is, whenever that is asked
	Line   func(line string)        // what the programs print
}

// Folder returns where the environment is, or will be.
func (e Environment) Folder() (string, error) {
	cache, err := private.Folder("python")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(e.Packages)
	return filepath.Join(cache, e.Prefix+hex.EncodeToString(sum[:8])), nil
}

// Find returns the path of a program of the environment, "" where that was not made to
// its end.
func (e Environment) Find(program string) (path string, err error) {
	dir, err := e.Folder()
	if err != nil || !isComplete(dir) {
		return "", err
	}
	return script(dir, program), nil
}

// Make returns a program of the environment, which it makes where it is not there. One
// command at a time makes it.
func (e Environment) Make(ctx context.Context, program string, told Told) (path string, err error) {
	dir, err := e.Folder()
	if err != nil {
		return "", err
	}
	path = script(dir, program)
	held, err := lock.Wait(ctx, dir+".lock", func() {
		if told.Waits != nil {
			told.Waits()
		}
	})
	if err != nil {
		return "", err
	}
	defer held.Close()
	if works(ctx, dir, path) { // another command may have made it meanwhile
		return path, nil
	}
	if err := e.fill(ctx, dir, told); err != nil {
		private.Remove(dir)
		return "", err
	}
	return path, nil
}

// script returns the path of a program in an environment.
func script(dir, name string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(dir, "Scripts", name+".exe")
	}
	return filepath.Join(dir, "bin", name)
}

// complete is a file in an environment that was made to its end.
const complete = "complete"

func isComplete(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, complete))
	return err == nil
}

func works(ctx context.Context, dir, program string) bool {
	return isComplete(dir) && exec.CommandContext(ctx, program, "--version").Run() == nil
}

// making begins the names of folders for what is written while an environment is made.
// Whoever has the lock makes it: a folder of that name that is there before was left
// behind.
const making = "making-"

// fill makes the environment dir.
func (e Environment) fill(ctx context.Context, dir string, told Told) error {
	temp := filepath.Join(filepath.Dir(dir), making+filepath.Base(dir))
	if err := discard(temp, dir); err != nil {
		return err
	}
	if err := os.Mkdir(temp, 0o700); err != nil {
		return err
	}
	defer private.Remove(temp)
	list := filepath.Join(temp, "requirements.txt")
	if err := os.WriteFile(list, e.Packages, 0o600); err != nil {
		return err
	}
	commands, err := e.commands(ctx, dir, list)
	if err != nil {
		return err
	}
	if told.Begins != nil {
		told.Begins(dir)
	}
	inside := newInstallation(dir, e.Packages)
	if told.Watch != nil {
		told.Watch(inside.state)
	}
	for _, args := range commands {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Env = append(os.Environ(), "TMPDIR="+temp, "TMP="+temp, "TEMP="+temp)
		if err := process.Run(ctx, cmd, func(line string) bool {
			if told.Line != nil {
				told.Line(line)
			}
			return inside.seen(line)
		}); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, complete), nil, 0o600)
}

// commands returns what makes an environment: uv where there is one, else Python
// itself.
func (e Environment) commands(ctx context.Context, dir, list string) ([][]string, error) {
	python := script(dir, "python")
	wanted, fits := fmt.Sprintf(">=3.%d", e.Oldest), fmt.Sprintf("(3, %d) <= sys.version_info", e.Oldest)
	names := []string{"python3", "python"}
	if e.Newest > 0 {
		wanted += fmt.Sprintf(",<3.%d", e.Newest+1)
		fits += fmt.Sprintf(" < (3, %d)", e.Newest+1)
		for minor := e.Newest; minor >= e.Oldest; minor-- {
			names = append(names, "python3."+strconv.Itoa(minor))
		}
	}
	if uv, err := exec.LookPath("uv"); err == nil {
		return [][]string{
			{uv, "venv", "--python", wanted, dir},
			{uv, "pip", "install", "--python", python, "--require-hashes", "-r", list},
		}, nil
	}
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil || exec.CommandContext(ctx, path, "-c", "import sys, venv, ensurepip; sys.exit(not "+fits+")").Run() != nil {
			continue
		}
		return [][]string{
			{path, "-m", "venv", dir},
			{python, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", list},
		}, nil
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return nil, ErrNoPython
}

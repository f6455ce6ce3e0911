package setup

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"

	"convbook/kernel/internal/progress"
	"convbook/pkg/system/process"
)

// compilation says how far `go build -v` is.
type compilation struct {
	fetched    atomic.Int64 // modules
	all, built atomic.Int64 // packages
}

// planned looks at a line of `go build -n`, which says what it would do, and downloads
// what it needs for that.
func (c *compilation) planned(line string) bool {
	switch {
	case strings.HasPrefix(line, "go: downloading "):
		c.fetched.Add(1)
		return true
	case strings.HasPrefix(line, "mkdir -p $WORK/b") && !strings.HasSuffix(line, "/exe/"):
		c.all.Add(1)
	}
	return false
}

// done looks at a line of `go build -v`: the name of a package, unless it is an error.
func (c *compilation) done(line string) bool {
	name := !strings.ContainsAny(line, " \t:")
	if name {
		c.built.Add(1)
	}
	return name
}

func (c *compilation) state() string {
	switch all, fetched := c.all.Load(), c.fetched.Load(); {
	case all > 0:
		return progress.Of(c.built.Load(), all, "packages built")
	case fetched > 0:
		return progress.Of(fetched, 0, "modules fetched")
	}
	return ""
}

// compile builds packages of the module in dir, as the file out or, where that ends in
// a separator, into it.
func (t *Tools) compile(ctx context.Context, step *progress.Step, dir, tmp, out string, packages ...string) error {
	var c compilation
	step.Watch(c.state)
	for _, pass := range []struct {
		seen  func(line string) bool
		first []string
	}{{c.planned, []string{"build", "-n"}}, {c.done, []string{"build"}}} {
		args := slices.Concat(pass.first, []string{"-mod=readonly", "-buildvcs=false", "-ldflags=-s", "-v", "-o", out}, packages)
		if err := t.run(ctx, dir, []string{"GOTMPDIR=" + tmp}, pass.seen, args...); err != nil {
			return err
		}
	}
	return nil
}

// nothing takes no line for one that only tells how far a command is.
func nothing(string) bool { return false }

// run runs the go command in a folder, with settings besides those of all. Its error
// holds the command's last words, but for the lines that seen takes.
func (t *Tools) run(ctx context.Context, dir string, settings []string, seen func(line string) bool, args ...string) error {
	cmd := exec.Command(t.goCommand, args...)
	cmd.Dir = dir
	cmd.Env = slices.Concat(t.goEnv, []string{"GOWORK=off"}, settings)
	err := process.Run(ctx, cmd, seen)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("go %s: %w", strings.Join(args[:min(2, len(args))], " "), err)
	}
	return err
}

// Package setup makes what a kernel needs and Go can make: the modules that
// notebooks import, the GoNB kernel and goimports, in a folder of the user's
// cache. What is already there costs nothing.
package setup

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"

	"convbook/kernel/internal/progress"
	"convbook/pkg/system/remedy"
)

// Tools is where the kernel's programs are and how they are started.
type Tools struct {
	Root string   // of the repository
	Bin  string   // folder with gonb and goimports
	Env  []string // for the kernel

	front     string
	goCommand string
	goEnv     []string
}

// Root returns the folder of the repository: the one above dir, or dir itself,
// that holds the module convbook.
func Root(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		first, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
		if err == nil && strings.TrimSpace(first) == "module convbook" {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", remedy.Errorf("change to the folder that you cloned", "%s is not inside the convbook repository", dir)
		}
	}
}

// Prepare makes everything ready, telling each step to log.
func Prepare(ctx context.Context, root string, log io.Writer) (*Tools, error) {
	if err := Supported(); err != nil {
		return nil, err
	}
	t := &Tools{Root: root}
	goCommand, err := findGo()
	if err != nil {
		return nil, err
	}
	t.goCommand = goCommand
	if t.goEnv, _, err = goEnvironment(goCommand, root); err != nil {
		return nil, err
	}
	if err := progress.Run(log, "Go modules", func(step *progress.Step) error {
		step.Watch(t.downloaded())
		return t.run(ctx, root, nil, nothing, "mod", "download")
	}); err != nil {
		return nil, t.mend(err, "the modules that the notebooks import could not be downloaded")
	}
	if t.Bin, err = t.buildGoNB(ctx, log); err != nil {
		return nil, err
	}
	if err := t.buildFront(ctx, log); err != nil {
		return nil, err
	}
	if t.Env, err = t.kernelEnvironment(); err != nil {
		return nil, err
	}
	if err := t.addBoard(ctx, log); err != nil {
		return nil, err
	}
	return t, nil
}

// Command returns the command line of the kernel for a connection file. The
// program of a cell sees the repository's packages as they are at that moment.
func (t *Tools) Command(connectionFile string) []string {
	return []string{t.front, filepath.Join(t.Bin, "gonb"+executable), "--kernel", connectionFile, "-go_work=" + t.Root, "-raw_error"}
}

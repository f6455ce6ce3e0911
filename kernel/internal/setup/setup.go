// Package setup makes what a kernel needs and Go can make: the modules that
// notebooks import, the GoNB kernel and goimports, in a folder of the user's
// cache. What is already there costs nothing.
package setup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"convbook/kernel/internal/progress"
)

// Tools is where the kernel's programs are and how they are started.
type Tools struct {
	Root string   // of the repository
	Bin  string   // folder with gonb and goimports
	Env  []string // for the kernel

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
			return "", fmt.Errorf("%s is not inside the convbook repository; change to the folder that you cloned", dir)
		}
	}
}

// Cache returns a folder of convbook's own for name that can be written: in the
// user's cache, else in the folder for temporary files.
func Cache(name string) (string, error) {
	var problems []error
	for _, base := range bases() {
		dir := filepath.Join(base, name)
		err := os.MkdirAll(dir, 0o700)
		if err == nil {
			err = tryWriting(dir)
		}
		if err == nil {
			return dir, nil
		}
		problems = append(problems, err)
	}
	return "", fmt.Errorf("no folder for the kernel can be written: %w; set XDG_CACHE_HOME to one that can", errors.Join(problems...))
}

// Existing returns the folders of convbook's own for name that are there.
func Existing(name string) ([]string, error) {
	var found []string
	for _, base := range bases() {
		dir := filepath.Join(base, name)
		if _, err := os.Stat(dir); err == nil {
			found = append(found, dir)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return found, nil
}

// bases are the folders that Cache tries, in order.
func bases() []string {
	list := []string{filepath.Join(os.TempDir(), fmt.Sprintf("convbook-%d", os.Getuid()))}
	if base, err := os.UserCacheDir(); err == nil {
		list = append([]string{filepath.Join(base, "convbook")}, list...)
	}
	return list
}

func tryWriting(dir string) error {
	f, err := os.CreateTemp(dir, ".writable")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
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
	}); err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("the modules that the notebooks import could not be had: %w; %s", err, Mend(err))
	} else if err != nil {
		return nil, err
	}
	if t.Bin, err = t.build(ctx, log); err != nil {
		return nil, err
	}
	if t.Env, err = t.kernelEnvironment(); err != nil {
		return nil, err
	}
	return t, nil
}

// Command returns the command line of the kernel for a connection file. The
// program of a cell sees the repository's packages as they are at that moment.
func (t *Tools) Command(connectionFile string) []string {
	return []string{filepath.Join(t.Bin, "gonb"+executable), "--kernel", connectionFile, "-go_work=" + t.Root, "-raw_error"}
}

// Built returns the folder that gonb and goimports of the repository at root are
// in, and whether they are there already. Its name depends on everything that
// they are built from.
func Built(root string) (bin string, built bool, err error) {
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, "kernel", "tools", name))
		if err != nil {
			return "", false, fmt.Errorf("the clone is not whole: %w; clone it again", err)
		}
		sum.Write(text)
	}
	cache, err := Cache("kernel")
	if err != nil {
		return "", false, err
	}
	bin = filepath.Join(cache, hex.EncodeToString(sum.Sum(nil)[:8]))
	return bin, complete(bin), nil
}

// build returns a folder with gonb and goimports, built from kernel/tools.
func (t *Tools) build(ctx context.Context, log io.Writer) (string, error) {
	bin, _, err := Built(t.Root)
	if err != nil {
		return "", err
	}
	return bin, t.make(ctx, log, "GoNB kernel", bin, complete, func(step *progress.Step, at place) error {
		err := t.compile(ctx, step, filepath.Join(t.Root, "kernel", "tools"), at.tmp, at.bin+string(filepath.Separator),
			"github.com/janpfeifer/gonb", "golang.org/x/tools/cmd/goimports")
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("the GoNB kernel could not be built: %w; %s", err, Mend(err))
		}
		return err
	})
}

func complete(bin string) bool {
	for _, name := range []string{"gonb", "goimports"} {
		if _, err := os.Stat(filepath.Join(bin, name+executable)); err != nil {
			return false
		}
	}
	return true
}

package setup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"convbook/kernel/internal/progress"
)

// AddCompletion gives the kernel what completes names: gopls, and before it the
// program of kernel/completion, which keeps cells from waiting for it. Only people at
// a keyboard need it; running notebooks does without. The error is that there will
// be no completion; everything else works.
func (t *Tools) AddCompletion(ctx context.Context, log io.Writer) error {
	bin, _, err := Completion(t.Root)
	if err != nil {
		return err
	}
	if err := t.make(ctx, log, "Completion", bin, completes, func(step *progress.Step, at place) error {
		return t.buildCompletion(ctx, step, at)
	}); err != nil {
		return err
	}
	for i, entry := range t.Env {
		if path, ok := strings.CutPrefix(entry, "PATH="); ok {
			t.Env[i] = "PATH=" + bin + string(filepath.ListSeparator) + path
		}
	}
	return nil
}

// Completion returns the folder of the programs that complete names, and whether
// they are there already. Its name depends on everything that they are built from.
func Completion(root string) (bin string, built bool, err error) {
	sources, err := filepath.Glob(filepath.Join(root, "kernel", "completion", "*.go"))
	if err != nil {
		return "", false, err
	}
	tools := filepath.Join(root, "kernel", "tools", "gopls")
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, path := range append(sources, filepath.Join(tools, "go.mod"), filepath.Join(tools, "go.sum")) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return "", false, fmt.Errorf("the clone is not whole: %w; clone it again", err)
		}
		sum.Write(text)
	}
	cache, err := Cache("kernel")
	if err != nil {
		return "", false, err
	}
	bin = filepath.Join(cache, "completion-"+hex.EncodeToString(sum.Sum(nil)[:8]))
	return bin, completes(bin), nil
}

func completes(bin string) bool {
	for _, path := range []string{"gopls", filepath.Join("real", "gopls")} {
		if _, err := os.Stat(filepath.Join(bin, path+executable)); err != nil {
			return false
		}
	}
	return true
}

func (t *Tools) buildCompletion(ctx context.Context, step *progress.Step, at place) error {
	err := t.compile(ctx, step, filepath.Join(t.Root, "kernel", "tools", "gopls"), at.tmp,
		filepath.Join(at.bin, "real")+string(filepath.Separator), "golang.org/x/tools/gopls")
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("gopls could not be built: %w; %s", err, Mend(err))
	}
	if err == nil {
		err = t.compile(ctx, step, t.Root, at.tmp, filepath.Join(at.bin, "gopls"+executable), "./kernel/completion")
	}
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("the program before gopls could not be built: %w", err)
	}
	return err
}

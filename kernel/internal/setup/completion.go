package setup

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"convbook/kernel/internal/progress"
)

var completion = []string{"gopls", "real/gopls"}

// AddCompletion gives the kernel what completes names: gopls, and before it the
// program of kernel/completion, which keeps cells from waiting for it. Only people at
// a keyboard need it; running notebooks does without. The error is that there will
// be no completion; everything else works.
func (t *Tools) AddCompletion(ctx context.Context, log io.Writer) error {
	bin, _, err := Completion(t.Root)
	if err != nil {
		return err
	}
	if err := t.make(ctx, log, "Completion", bin, completion, func(step *progress.Step, at stage) error {
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
// they are there already.
func Completion(root string) (bin string, built bool, err error) {
	bin, err = builtFrom(root, "completion-", "kernel/completion/*.go", "kernel/tools/gopls/go.mod", "kernel/tools/gopls/go.sum")
	return bin, holds(bin, completion), err
}

func (t *Tools) buildCompletion(ctx context.Context, step *progress.Step, at stage) error {
	err := t.compile(ctx, step, filepath.Join(t.Root, "kernel", "tools", "gopls"), at.tmp,
		filepath.Join(at.bin, "real")+string(filepath.Separator), "golang.org/x/tools/gopls")
	if err != nil {
		return t.mend(err, "gopls could not be built")
	}
	err = t.compile(ctx, step, t.Root, at.tmp, filepath.Join(at.bin, "gopls"+executable), "./kernel/completion")
	if err != nil {
		return fmt.Errorf("the program before gopls could not be built: %w", err)
	}
	return nil
}

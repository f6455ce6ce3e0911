package setup

import (
	"context"
	"io"
	"path/filepath"

	"convbook/kernel/internal/progress"
)

var front = []string{"front", "go"}

// buildFront builds the program that clients start as the kernel, and that starts GoNB,
// and the go command that GoNB finds. (kernel/front)
func (t *Tools) buildFront(ctx context.Context, log io.Writer) error {
	bin, err := builtFrom(t.Root, "front-", "go.mod", "kernel/front/*.go", "kernel/front/go/*.go", "kernel/internal/*/*.go", "pkg/system/*/*.go")
	if err != nil {
		return err
	}
	t.front = filepath.Join(bin, front[0]+executable)
	return t.make(ctx, log, "Kernel", bin, front, func(step *progress.Step, at stage) error {
		err := t.compile(ctx, step, t.Root, at.tmp, at.bin+string(filepath.Separator), "./kernel/front", "./kernel/front/go")
		if err != nil {
			return t.mend(err, "the program before GoNB could not be built")
		}
		return nil
	})
}

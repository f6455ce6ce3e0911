package setup

import (
	"context"
	"io"
	"path/filepath"

	"convbook/kernel/internal/progress"
)

var gonb = []string{"gonb", "goimports"}

// Built returns the folder that gonb and goimports of the repository at root are in,
// and whether they are there already.
func Built(root string) (bin string, built bool, err error) {
	bin, err = builtFrom(root, "", "kernel/tools/go.mod", "kernel/tools/go.sum")
	return bin, holds(bin, gonb), err
}

// buildGoNB returns a folder with gonb and goimports, built from kernel/tools.
func (t *Tools) buildGoNB(ctx context.Context, log io.Writer) (string, error) {
	bin, _, err := Built(t.Root)
	if err != nil {
		return "", err
	}
	return bin, t.make(ctx, log, "GoNB kernel", bin, gonb, func(step *progress.Step, at stage) error {
		err := t.compile(ctx, step, filepath.Join(t.Root, "kernel", "tools"), at.tmp, at.bin+string(filepath.Separator),
			"github.com/janpfeifer/gonb", "golang.org/x/tools/cmd/goimports")
		if err != nil {
			return t.mend(err, "the GoNB kernel could not be built")
		}
		return nil
	})
}

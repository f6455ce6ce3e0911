package setup

import (
	"context"
	"io"
	"path/filepath"

	"convbook/kernel/internal/progress"
)

var buildCache = []string{"buildcache"}

// buildBuildCache builds the program through which the users of a machine share what is
// compiled, and returns its folder. (kernel/buildcache)
func (t *Tools) buildBuildCache(ctx context.Context, log io.Writer) (string, error) {
	bin, err := builtFrom(t.Root, "buildcache-", "kernel/buildcache/*.go")
	if err != nil {
		return "", err
	}
	return bin, t.make(ctx, log, "Build cache", bin, buildCache, func(step *progress.Step, at stage) error {
		err := t.compile(ctx, step, t.Root, at.tmp, at.bin+string(filepath.Separator), "./kernel/buildcache")
		if err != nil {
			return t.mend(err, "the program of the build cache could not be built")
		}
		return nil
	})
}

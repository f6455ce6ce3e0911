package setup

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"convbook/kernel/internal/progress"
	"convbook/pkg/system/lock"
	"convbook/pkg/system/private"
	"convbook/pkg/system/process"
)

const (
	// lockFile is locked by the command that builds, in the folder that it builds in.
	lockFile = "lock"
	// building begins the names of folders that are not complete yet. Whoever has the
	// lock builds: a folder of that name that is there before was left behind.
	building = "building-"
)

// stage is where something is built: bin takes what is built, tmp what is written
// meanwhile.
type stage struct{ bin, tmp string }

// make makes the folder bin with programs in it, all or none, and by one command at a
// time.
func (t *Tools) make(ctx context.Context, log io.Writer, what, bin string, programs []string, build func(*progress.Step, stage) error) error {
	return progress.Run(log, what, func(step *progress.Step) error {
		if holds(bin, programs) {
			return nil
		}
		cache := filepath.Dir(bin)
		held, err := lock.Wait(ctx, filepath.Join(cache, lockFile), func() { step.Say("waits for another command that builds") })
		if err != nil {
			return err
		}
		defer held.Close()
		if holds(bin, programs) {
			return nil
		}
		folder, err := os.MkdirTemp(cache, building)
		if err != nil {
			return err
		}
		defer private.Remove(folder)
		at := stage{filepath.Join(folder, "bin"), filepath.Join(folder, "tmp")}
		if err := os.Mkdir(at.tmp, 0o700); err != nil {
			return err
		}
		if err := build(step, at); err != nil {
			return err
		}
		if err := note(at.bin, programs); err != nil {
			return err
		}
		if err := private.Remove(bin); err != nil {
			return err
		}
		return os.Rename(at.bin, bin)
	})
}

// RemoveLeftovers removes what commands left behind that were killed while they built,
// ends what still builds for them, and says of how many commands that was.
func RemoveLeftovers() (removed int, err error) {
	for _, cache := range private.Existing("kernel") {
		left, _ := filepath.Glob(filepath.Join(cache, building+"*"))
		if len(left) == 0 {
			continue
		}
		held, err := lock.Abandoned(filepath.Join(cache, lockFile))
		if err != nil {
			continue
		}
		for _, folder := range left {
			process.EndStrays(folder)
			if private.Remove(folder) == nil {
				removed++
			}
		}
		held.Close()
	}
	return removed, nil
}

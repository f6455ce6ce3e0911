package lab

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"convbook/kernel/internal/lock"
	"convbook/kernel/internal/process"
	"convbook/kernel/internal/setup"
)

// Sweep removes what commands left behind that were killed while they made an
// environment, ends what still installs for them, and says of how many commands that
// was.
func Sweep() (swept int, err error) {
	caches, err := setup.Existing("python")
	if err != nil {
		return 0, err
	}
	for _, cache := range caches {
		left, _ := filepath.Glob(filepath.Join(cache, making+"*"))
		for _, temp := range left {
			dir := filepath.Join(cache, strings.TrimPrefix(filepath.Base(temp), making))
			release, free := lock.Try(dir + ".lock")
			if !free {
				continue
			}
			if discard(temp, dir) == nil {
				swept++
			}
			release()
		}
	}
	return swept, nil
}

// discard removes an environment that is not whole and the folder temp of the command
// that made it, and ends what still writes there.
func discard(temp, dir string) error {
	process.EndStrays(temp)
	return errors.Join(os.RemoveAll(dir), os.RemoveAll(temp))
}

package venv

import (
	"errors"
	"path/filepath"
	"strings"

	"convbook/pkg/system/lock"
	"convbook/pkg/system/private"
	"convbook/pkg/system/process"
)

// RemoveLeftovers removes what commands left behind that were killed while they made
// an environment, ends what still installs for them, and says of how many commands
// that was.
func RemoveLeftovers() (removed int) {
	for _, cache := range private.Existing("python") {
		left, _ := filepath.Glob(filepath.Join(cache, making+"*"))
		for _, temp := range left {
			dir := filepath.Join(cache, strings.TrimPrefix(filepath.Base(temp), making))
			held, err := lock.Take(dir + ".lock")
			if err != nil {
				continue
			}
			if discard(temp, dir) == nil {
				removed++
			}
			held.Close()
		}
	}
	return removed
}

// discard removes an environment that was not made to its end and the folder temp of
// the command that made it, and ends what still writes there.
func discard(temp, dir string) error {
	process.EndStrays(temp)
	return errors.Join(private.Remove(dir), private.Remove(temp))
}

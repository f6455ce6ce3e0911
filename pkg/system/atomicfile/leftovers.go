package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"convbook/pkg/system/lock"
)

// create makes a temporary file for name and locks it, so that nobody takes it for
// one that was left behind.
func create(folder, name string) (*os.File, error) {
	for {
		temp, err := os.CreateTemp(folder, name+".*"+ending)
		if err != nil {
			return nil, err
		}
		// Another writer may come between the two: then the file is gone, or soon is.
		held := errors.Is(lock.Try(temp), lock.ErrHeld)
		if !held && lock.IsAt(temp, temp.Name()) {
			return temp, nil
		}
		temp.Close()
	}
}

// removeLeftovers removes the temporary files whose writers are dead.
func removeLeftovers(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.HasSuffix(e.Name(), ending) {
			continue
		}
		path := filepath.Join(folder, e.Name())
		if file, err := lock.Abandoned(path); err == nil {
			os.Remove(path)
			file.Close()
		}
	}
}

package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"convbook/pkg/internal/filelock"
)

// create makes a temporary file for name and locks it, so that nobody takes it for
// one that was left behind.
func create(folder, name string) (*os.File, error) {
	for {
		temp, err := os.CreateTemp(folder, name+".*"+ending)
		if err != nil {
			return nil, err
		}
		// A sweep may come between the two: then the file is gone, or soon is.
		held := errors.Is(filelock.Try(temp), filelock.ErrHeld)
		if !held && isAt(temp, temp.Name()) {
			return temp, nil
		}
		temp.Close()
	}
}

// sweep removes the temporary files whose writers are dead: those that it can
// lock. Where files cannot be locked it removes none.
func sweep(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.HasSuffix(e.Name(), ending) {
			continue
		}
		path := filepath.Join(folder, e.Name())
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if filelock.Try(f) == nil && isAt(f, path) {
			os.Remove(path)
		}
		f.Close()
	}
}

// isAt reports whether the open file is the one of that name.
func isAt(f *os.File, path string) bool {
	open, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(path)
	return err == nil && os.SameFile(open, named)
}

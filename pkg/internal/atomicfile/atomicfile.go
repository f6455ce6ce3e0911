// Package atomicfile writes files that appear whole or not at all, whatever stops
// the program and however many write at once.
package atomicfile

import (
	"os"
	"path/filepath"
)

// Write puts content into the file path: under a name of its own, to the disk, and
// only then under the right name. On an error the old file stays as it was.
func Write(path string, content []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(content)
	if err == nil {
		err = temp.Chmod(0o644)
	}
	if err == nil {
		err = temp.Sync()
	}
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

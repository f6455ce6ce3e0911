// Package atomicfile writes files that appear whole or not at all, whatever stops
// the program and however many write at once.
package atomicfile

import (
	"os"
	"path/filepath"
	"runtime"
)

// A file that is being written is called NAME.NUMBER.convbook.part.
const ending = ".convbook.part"

// Write puts content into the file path: under a name of its own, to the disk, and
// only then under the right name. On an error the old file stays as it was. What
// writers that were killed left in the folder is removed.
func Write(path string, content []byte) error { return writeFile(path, content, 0o644) }

// WritePrivate is Write for a file that no other user may read.
func WritePrivate(path string, content []byte) error { return writeFile(path, content, 0o600) }

func writeFile(path string, content []byte, mode os.FileMode) error {
	folder := filepath.Dir(path)
	removeLeftovers(folder)
	temp, err := create(folder, filepath.Base(path))
	if err != nil {
		return err
	}
	return write(temp, path, content, mode)
}

// file is what write needs of an *os.File.
type file interface {
	Name() string
	Write([]byte) (int, error)
	Chmod(os.FileMode) error
	Sync() error
	Close() error
}

func write(temp file, path string, content []byte, mode os.FileMode) error {
	defer os.Remove(temp.Name())
	_, err := temp.Write(content)
	if err == nil {
		err = temp.Chmod(mode)
	}
	if err == nil {
		err = temp.Sync()
	}
	// Windows renames only closed files. Elsewhere closing comes last, for it ends
	// the lock that keeps others from removing the file.
	if runtime.GOOS == "windows" {
		if closeErr := temp.Close(); err == nil {
			err = closeErr
		}
	} else {
		defer temp.Close()
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	return err
}

// syncFolder makes a new name in the folder outlast a loss of power. Windows has
// nothing of the kind.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

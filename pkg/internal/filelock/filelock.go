// Package filelock locks files for one program at a time. The lock dies with the
// process that holds it, however that ends, so there is never a stale one.
package filelock

import (
	"errors"
	"os"
)

// ErrHeld says that another process, or another part of this one, has the lock.
var ErrHeld = errors.New("the file is locked")

// Lock opens the file path, making it where it is not there, and locks it without
// waiting. The lock ends when the file is closed. On a file system without locks
// the file is returned unlocked: refusing to work there would help nobody.
func Lock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := Try(file); errors.Is(err, ErrHeld) {
		file.Close()
		return nil, err
	}
	return file, nil
}

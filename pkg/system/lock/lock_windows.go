package lock

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

const noLink = 0 // there are no links but an administrator's

// Try locks an open file without waiting: nil, ErrHeld, or why the file system
// cannot lock.
func Try(file *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(file.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrHeld
	}
	return err
}

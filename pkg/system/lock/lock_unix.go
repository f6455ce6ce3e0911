//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package lock

import (
	"errors"
	"os"
	"syscall"
)

// noLink keeps from opening what a link names, and from waiting for a pipe.
const noLink = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// Try locks an open file without waiting: nil, ErrHeld, or why the file system
// cannot lock.
func Try(file *os.File) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) {
		for {
			if failed = syscall.Flock(int(fd), syscall.LOCK_EX|syscall.LOCK_NB); failed != syscall.EINTR {
				return
			}
		}
	}); err != nil {
		return err
	}
	if errors.Is(failed, syscall.EWOULDBLOCK) {
		return ErrHeld
	}
	return failed
}

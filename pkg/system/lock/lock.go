// Package lock lets one program at a time use a file or a folder. The lock dies with
// the process that holds it, however that ends and in whichever container it runs, so
// there is never a stale one.
package lock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// ErrHeld says that another process, or another part of this one, has the lock.
var ErrHeld = errors.New("the file is locked")

// Take opens the file path, making it for this user alone where it is not there, and
// locks it without waiting: the error is ErrHeld where others have it. The lock ends
// when the file is closed. On a file system without locks the file is returned
// unlocked: refusing to work there would help nobody.
func Take(path string) (*os.File, error) {
	for {
		file, err := Open(path, os.O_CREATE)
		if err != nil {
			return nil, err
		}
		if err := Try(file); errors.Is(err, ErrHeld) {
			file.Close()
			return nil, err
		}
		if IsAt(file, path) {
			file.Chmod(0o600) // whoever can open it can hold its lock
			return file, nil
		}
		file.Close() // somebody has just removed it
	}
}

// Wait is Take for as long as others have the lock, or until ctx ends. waits is told
// when it has to wait.
func Wait(ctx context.Context, path string, waits func()) (*os.File, error) {
	for told := false; ctx.Err() == nil; told = true {
		file, err := Take(path)
		if !errors.Is(err, ErrHeld) {
			return file, err
		}
		if !told {
			waits()
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil, context.Cause(ctx)
}

// Abandoned locks the file path, which is there, if its owner is gone: the error is
// ErrHeld, or why that cannot be known. Where files cannot be locked nothing is
// abandoned.
func Abandoned(path string) (*os.File, error) {
	file, err := Open(path, 0)
	if err != nil {
		return nil, err
	}
	err = Try(file)
	if err == nil && !IsAt(file, path) {
		err = os.ErrNotExist
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// IsAt says whether an open file is still the one of that name.
func IsAt(file *os.File, path string) bool {
	open, err := file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(path)
	return err == nil && os.SameFile(open, named)
}

// Open opens a regular file to read and write it, no link and no pipe, with further flags such as
// os.O_CREATE. It does not wait, whatever lies there.
func Open(path string, flag int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|flag|noLink, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file that can be locked; remove it", path)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// Package lock lets one command at a time make what several need. The system
// releases a lock when the process that holds it ends, however it ends.
package lock

import (
	"context"
	"time"

	"github.com/gofrs/flock"
)

// Wait returns when no other command holds the lock of the file path; waits is told
// when one does. On a file system without locks it returns at once: refusing to work
// there would help nobody.
func Wait(ctx context.Context, path string, waits func()) (release func(), err error) {
	file := flock.New(path)
	if held, err := file.TryLock(); err == nil && !held {
		waits()
		file.TryLockContext(ctx, 100*time.Millisecond)
	}
	if ctx.Err() != nil {
		file.Close()
		return nil, context.Cause(ctx)
	}
	return func() { file.Close() }, nil
}

// Try takes the lock of the file path if that is free.
func Try(path string) (release func(), free bool) {
	file := flock.New(path)
	if held, err := file.TryLock(); err != nil || !held {
		file.Close()
		return nil, false
	}
	return func() { file.Close() }, true
}

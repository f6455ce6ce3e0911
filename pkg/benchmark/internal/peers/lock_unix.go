//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package peers

import (
	"context"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// lock waits until no other process holds the file. It is released when this
// process ends, however it ends.
func lock(ctx context.Context, path string, log io.Writer) (release func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for told := false; syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil; told = true {
		if !told {
			fmt.Fprintln(log, "waiting for another command that installs NumPy and PyTorch")
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
	}
	return func() { f.Close() }, nil
}

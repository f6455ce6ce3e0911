package peers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"convbook/pkg/internal/filelock"
)

// lock waits until no other process has the lock of the file path. The lock is
// released when the file is closed, or its processes end, however they end.
func lock(ctx context.Context, path string, log io.Writer) (*os.File, error) {
	for told := false; ; told = true {
		file, err := filelock.Lock(path)
		if !errors.Is(err, filelock.ErrHeld) {
			return file, err
		}
		if !told {
			fmt.Fprintln(log, "waiting for another command that installs NumPy and PyTorch")
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

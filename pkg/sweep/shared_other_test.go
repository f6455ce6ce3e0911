//go:build !unix

package sweep_test

import (
	"os"
	"time"
)

// pause is not there: the process goes on.
func pause(*os.Process, time.Duration) {}

func fifo(path string) error { return os.Mkdir(path, 0o700) }

//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package lock

import (
	"errors"
	"os"
)

const noLink = 0

// Try says that files cannot be locked here, as in a browser, where there is one
// program.
func Try(*os.File) error { return errors.ErrUnsupported }

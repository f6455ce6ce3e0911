//go:build unix

package dataset

import (
	"io/fs"
	"os"
	"syscall"
)

// trusted reports whether only this user or the administrator can change a file.
func trusted(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && (int(stat.Uid) == os.Geteuid() || stat.Uid == 0) && info.Mode().Perm()&0o022 == 0
}

//go:build linux || darwin

package setup

import (
	"golang.org/x/sys/unix"

	"convbook/pkg/system/remedy"
)

// room returns how many bytes this user may still write to the disk of a folder.
func room(folder string) (free uint64, known bool) {
	var disk unix.Statfs_t
	if unix.Statfs(folder, &disk) != nil || disk.Blocks == 0 {
		return 0, false
	}
	return disk.Bavail * uint64(disk.Bsize), true
}

// fewestFiles is how many files a program must be allowed to have open: Go's linker and
// the kernel have a few dozen.
const fewestFiles = 64

// checkLimits returns an error where the system allows programs too little.
func checkLimits() error {
	var files unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &files); err == nil && files.Cur < fewestFiles {
		return remedy.Errorf("allow more: ulimit -n 1024, in a new shell if this one refuses",
			"a program may have only %d files open here (ulimit -n), and %d are needed", files.Cur, fewestFiles)
	}
	return nil
}

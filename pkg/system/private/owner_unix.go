//go:build unix

package private

import (
	"io/fs"
	"os"
	"syscall"
)

func isOwn(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

func othersCanWrite(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 != 0 }

// restrict gives a folder of ours the mode 0700.
func restrict(dir string) error {
	handle, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	defer handle.Close()
	info, err := handle.Stat()
	if err == nil {
		err = check(dir, info)
	}
	if err == nil && info.Mode().Perm() != 0o700 {
		err = handle.Chmod(0o700)
	}
	return err
}

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

func ownerOf(info fs.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}

// systemGroups end the numbers of groups that a system keeps for itself, as that of the
// administrators who may write into /usr/local on some.
const systemGroups = 100

// strangersCanWrite is othersCanWrite but for the groups of the system.
func strangersCanWrite(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	group := info.Mode().Perm()&0o020 != 0 && (!ok || stat.Gid >= systemGroups)
	return group || info.Mode().Perm()&0o002 != 0
}

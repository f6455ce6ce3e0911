//go:build linux || darwin

package notebook

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// isAlone says whether a file has one name.
func isAlone(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink == 1
}

// likeFile gives a new file the owner, the mode and the extended attributes, lists of
// access rights among them, of another.
func likeFile(file, other string, info os.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("the owner is not known")
	}
	if err := os.Chown(file, int(stat.Uid), int(stat.Gid)); err != nil {
		return err
	}
	if err := copyAttributes(file, other); err != nil {
		return err
	}
	return os.Chmod(file, info.Mode().Perm()|info.Mode()&(os.ModeSetuid|os.ModeSetgid|os.ModeSticky))
}

func copyAttributes(file, other string) error {
	size, err := unix.Listxattr(other, nil)
	if errors.Is(err, unix.ENOTSUP) || size == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	names := make([]byte, size)
	if size, err = unix.Listxattr(other, names); err != nil {
		return err
	}
	for start, i := 0, 0; i < size; i++ {
		if names[i] != 0 {
			continue
		}
		name := string(names[start:i])
		start = i + 1
		value := make([]byte, 64<<10)
		n, err := unix.Getxattr(other, name, value)
		if err != nil {
			return err
		}
		if err := unix.Setxattr(file, name, value[:n], 0); err != nil && name != "security.selinux" {
			return err
		}
	}
	return nil
}

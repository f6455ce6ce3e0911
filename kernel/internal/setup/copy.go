package setup

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"convbook/pkg/system/private"
)

// copyTree copies the files of a folder that wanted takes, by their paths in it, and
// what links lead to. All users may read the copies.
func copyTree(from, to string, wanted func(path string, entry fs.DirEntry) bool) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if inside != "." && !wanted(filepath.ToSlash(inside), entry) {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			return private.MakeShared(filepath.Join(to, inside))
		}
		return copyFile(path, filepath.Join(to, inside))
	})
}

func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file", from)
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := private.MakeShared(filepath.Dir(to)); err != nil {
		return err
	}
	if err := os.WriteFile(to, content, readable(info.Mode())); err != nil {
		return err
	}
	// Go knows the sources that it has read by their times: whole seconds stay the same in
	// an archive, as in the layers of an image.
	at := info.ModTime().Truncate(time.Second)
	return os.Chtimes(to, at, at)
}

// readable is the mode by which all may read, and run what is a program, and only its
// owner may write.
func readable(mode fs.FileMode) fs.FileMode {
	if mode.IsDir() || mode.Perm()&0o111 != 0 {
		return 0o755
	}
	return 0o644
}

// openToAll lets all users read what lies in a folder, whatever the umask says.
func openToAll(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if mode := readable(info.Mode()); mode != info.Mode().Perm() {
			return os.Chmod(path, mode)
		}
		return nil
	})
}

// closed returns the first folder, of dir and those above it, that not all users can
// enter, "" for none.
func closed(dir string) string {
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err == nil && info.Mode().Perm()&0o001 == 0 {
			return at
		}
		if at == filepath.Dir(at) {
			return ""
		}
	}
}

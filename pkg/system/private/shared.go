package private

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CheckShared returns an error unless a folder that all users of a machine share, and
// every folder from there down to dir, can be changed by nobody but root and its owner,
// the user who installed it. The folders above it may belong to root, to the installer
// and to this user; one that others can write to is no good, for they could exchange
// what is in it, unless it is sticky as /tmp is.
func CheckShared(shared, dir string) error {
	inside, err := filepath.Rel(shared, dir)
	if err != nil || !filepath.IsAbs(shared) || !filepath.IsLocal(inside) {
		return fmt.Errorf("%s is not in the shared folder %s", dir, shared)
	}
	info, err := os.Lstat(shared)
	if err != nil {
		return err
	}
	installer := ownerOf(info)
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if err := checkInstalled(at, installer); err != nil {
			return err
		}
		if at == filepath.Clean(shared) {
			break
		}
	}
	return CheckAbove(shared, installer)
}

func checkInstalled(dir string, installer int) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	switch owner := ownerOf(info); {
	case !info.IsDir():
		return fmt.Errorf("%s is %s and no folder", dir, kind(info.Mode()))
	case owner != 0 && owner != installer:
		return fmt.Errorf("%s belongs to the user %d, and what is around it to the user %d", dir, owner, installer)
	case othersCanWrite(info):
		return fmt.Errorf("%s can be written by others (%v)", dir, info.Mode())
	}
	return nil
}

// CheckAbove returns an error where somebody else than root, this user and the installer
// can exchange a folder, by a folder above it or by a link on the way there.
func CheckAbove(dir string, installer int) error {
	real, err := filepath.EvalSymlinks(filepath.Dir(dir))
	if err != nil {
		return err
	}
	for _, path := range []string{filepath.Dir(filepath.Clean(dir)), real} {
		for at := path; ; at = filepath.Dir(at) {
			info, err := os.Lstat(at)
			if err != nil {
				return err
			}
			if owner := ownerOf(info); owner != 0 && owner != installer && !isOwn(info) {
				return fmt.Errorf("%s belongs to the user %d, who could exchange what is in it", at, owner)
			}
			if info.Mode()&(fs.ModeSymlink|fs.ModeSticky) == 0 && strangersCanWrite(info) {
				return fmt.Errorf("%s can be written by others (%v), who could exchange what is in it", at, info.Mode())
			}
			if at == filepath.Dir(at) {
				break
			}
		}
	}
	return nil
}

// MakeShared makes a folder, and those above it that are missing, that all users may
// read whatever the umask says.
func MakeShared(dir string) error {
	if err := os.Mkdir(dir, 0o755); err == nil {
		return os.Chmod(dir, 0o755)
	} else if errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		if err := MakeShared(filepath.Dir(dir)); err != nil {
			return err
		}
		return MakeShared(dir)
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is a file and no folder", dir)
	}
	return err
}

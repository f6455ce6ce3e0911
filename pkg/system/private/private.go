// Package private gives convbook folders that belong to its user alone, also on a
// machine that many share. What is found is used only if it is a real folder, no link,
// of this user, that nobody else can write to; and what is removed is removed through
// open folders, so that no link, put there meanwhile, leads elsewhere.
package private

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"convbook/pkg/system/remedy"
)

// Folder returns the folder of that name, of letters and digits, that convbook keeps
// its things in, made where it is not there, with the mode 0700. It lies below the
// user's cache; where that cannot be used, below XDG_RUNTIME_DIR; else in a folder
// among the temporary files that is made for this process and that no other finds.
func Folder(name string) (string, error) {
	var problems []error
	for _, base := range bases() {
		dir := filepath.Join(base, name)
		err := makeAll(base)
		if err == nil {
			err = own(dir)
		}
		if err == nil {
			err = tryWriting(dir)
		}
		if err == nil {
			return dir, nil
		}
		problems = append(problems, err)
	}
	base, err := passingFolder()
	if err == nil {
		dir := filepath.Join(base, name)
		if err = own(dir); err == nil {
			return dir, nil
		}
	}
	problems = append(problems, err)
	return "", remedy.Errorf("set XDG_CACHE_HOME to one that can", "no folder for convbook's files can be written: %w", errors.Join(problems...))
}

// Lasts says whether a folder that Folder has returned is there after this process and
// its user's session.
func Lasts(dir string) bool {
	cache, err := os.UserCacheDir()
	return err == nil && strings.HasPrefix(dir, filepath.Join(cache, "convbook")+string(filepath.Separator))
}

// Existing returns the folders of that name that are there and that Folder could
// return. What is somebody else's is none of ours.
func Existing(name string) (found []string) {
	for _, base := range append(bases(), passingMade()...) {
		dir := filepath.Join(base, name)
		if Check(base) == nil && Check(dir) == nil {
			found = append(found, dir)
		}
	}
	return found
}

// bases are the folders that outlast a process: convbook's own in the user's cache and
// in XDG_RUNTIME_DIR.
func bases() (list []string) {
	if cache, err := os.UserCacheDir(); err == nil {
		list = append(list, filepath.Join(cache, "convbook"))
	}
	if runtimes := runtimeFolder(); runtimes != "" {
		list = append(list, filepath.Join(runtimes, "convbook"))
	}
	return list
}

// runtimeFolder returns the folder of the user's session, "" where there is none.
func runtimeFolder() string {
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if !filepath.IsAbs(dir) || Check(dir) != nil {
		return ""
	}
	return dir
}

// makeAll makes a folder of ours and those above it.
func makeAll(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	return own(dir)
}

// own makes a folder, or makes one that is there and that was always ours alone to
// write to ours alone to read, too.
func own(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := Check(dir); err != nil {
		return err
	}
	return restrict(dir)
}

// Check returns an error unless dir is a real folder of this user that nobody else can
// write to.
func Check(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	return check(dir, info)
}

func check(dir string, info fs.FileInfo) error {
	if !info.IsDir() {
		return fmt.Errorf("%s is %s and no folder; remove it", dir, kind(info.Mode()))
	}
	if !isOwn(info) {
		return fmt.Errorf("%s belongs to another user", dir)
	}
	if othersCanWrite(info) {
		return fmt.Errorf("%s can be written by others (%v); look through it, then chmod 700 %[1]s", dir, info.Mode())
	}
	return nil
}

func kind(mode fs.FileMode) string {
	if mode&fs.ModeSymlink != 0 {
		return "a link"
	}
	return "a file"
}

func tryWriting(dir string) error {
	f, err := os.CreateTemp(dir, ".writable")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

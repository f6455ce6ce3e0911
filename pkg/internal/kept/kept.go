// Package kept says where lies what programs keep under a name: runs, sweeps and values.
package kept

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/lock"
	"convbook/pkg/system/private"
)

// FolderVariable is the variable that names the folder of all that is kept, instead of one
// in the user's cache.
const FolderVariable = "CONVBOOK_RUNS"

// LockFile is held, in the folder of a version, by a program that works there.
const LockFile = "lock"

// lastFile holds the name of the version that was asked for last.
const lastFile = "last"

// unused is for how long a version that nobody asks for is kept.
const unused = 30 * 24 * time.Hour

// Folder returns the folder for what is kept under a name, making it where it is not
// there. A name with a separator is the path of a folder of the user's own.
func Folder(name string) (string, error) {
	if strings.ContainsRune(name, filepath.Separator) || strings.Contains(name, "/") {
		if err := os.MkdirAll(name, 0o700); err != nil {
			return "", fmt.Errorf("no folder for what is kept: %w; choose one that can be made", err)
		}
		return name, nil
	}
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `\:`) {
		return "", fmt.Errorf("%q is not a name to keep something under; use letters, digits and dashes", name)
	}
	home, advice, err := home()
	if err == nil {
		err = os.MkdirAll(filepath.Join(home, name), 0o700)
	}
	if err != nil {
		return "", fmt.Errorf("no folder for %q: %w; %s", name, err, advice)
	}
	return filepath.Join(home, name), nil
}

func home() (folder, advice string, err error) {
	if folder := os.Getenv(FolderVariable); folder != "" {
		return folder, FolderVariable + " must name a folder that can be written", nil
	}
	folder, err = private.Folder("trained")
	return folder, "set " + FolderVariable + " to a folder that can be written", err
}

// Last returns the version in a folder that was asked for last, "" when there is none.
func Last(folder string) string {
	name, err := os.ReadFile(filepath.Join(folder, lastFile))
	if err != nil || !isVersion(string(name)) {
		return ""
	}
	if info, err := os.Lstat(filepath.Join(folder, string(name))); err != nil || !info.IsDir() {
		return ""
	}
	return string(name)
}

// isVersion reports whether name can be that of a version: a digest.
func isVersion(name string) bool {
	return name != "" && len(name) <= 64 && strings.Trim(name, "0123456789abcdef") == ""
}

// Ask notes that a version is asked for, and removes those that nobody has asked for in
// a month and that no program works with.
func Ask(folder, version string) error {
	now := time.Now()
	if err := os.Chtimes(filepath.Join(folder, version), now, now); err != nil {
		return err
	}
	if Last(folder) != version {
		if err := atomicfile.Write(filepath.Join(folder, lastFile), []byte(version)); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.IsDir() && isVersion(e.Name()) && e.Name() != version && now.Sub(info.ModTime()) > unused {
			remove(folder, e.Name())
		}
	}
	return nil
}

// remove removes a version unless a program works with it. What cannot be removed is
// tried again the next time.
func remove(folder, version string) {
	held, err := lock.Take(filepath.Join(folder, version, LockFile))
	if errors.Is(err, lock.ErrHeld) {
		return
	}
	if root, err := os.OpenRoot(folder); err == nil {
		root.RemoveAll(version)
		root.Close()
	}
	if held != nil {
		held.Close()
	}
}

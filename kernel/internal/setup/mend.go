package setup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"convbook/pkg/system/private"
	"convbook/pkg/system/remedy"
)

// Mend returns an error of a command that downloads and writes with what to do about
// it. That is found by a look at the folders that such a command writes to, for what it
// prints is for people.
func Mend(err error, what string, folders ...string) error {
	if err == nil {
		return nil
	}
	if kernel, err := private.Folder("kernel"); err == nil {
		folders = append(folders, kernel)
	}
	for _, folder := range append(folders, os.TempDir()) {
		if mend := wrongWith(folder); mend != "" {
			return remedy.Errorf(mend, "%s: %w", what, err)
		}
	}
	return remedy.Errorf("connect to the network and run again", "%s: %w", what, err)
}

// mend is Mend with the folders of Go.
func (t *Tools) mend(err error, what string) error {
	return Mend(err, what, valueOf(t.goEnv, "GOCACHE"), valueOf(t.goEnv, "GOMODCACHE"))
}

// enough is the room on a disk, in bytes, that a build and its modules take.
const enough = 100 << 20

// wrongWith says what to do about a folder that cannot be written, or not made, "" for
// nothing.
func wrongWith(folder string) string {
	if folder == "" || folder == "off" {
		return ""
	}
	for ; ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		if errors.Is(err, os.ErrNotExist) && folder != filepath.Dir(folder) {
			continue // it is made in the one above
		}
		if err == nil && !info.IsDir() {
			return fmt.Sprintf("remove the file %s, where a folder is needed", folder)
		}
		break
	}
	probe, err := os.MkdirTemp(folder, ".writable-")
	if err == nil {
		os.Remove(probe)
	}
	switch free, known := room(folder); {
	case errors.Is(err, syscall.EDQUOT):
		return "make room in your home and run again"
	case errors.Is(err, syscall.ENOSPC), known && free < enough:
		return fmt.Sprintf("make room on the disk of %s and run again", folder)
	case err != nil:
		return fmt.Sprintf("make %s yours, or set XDG_CACHE_HOME, GOCACHE and GOMODCACHE to folders that can be written", folder)
	}
	return ""
}

// Package runs gives each kernel and each JupyterLab a folder of its own for all that
// it writes besides its results, and removes those of processes that are gone.
package runs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"convbook/pkg/system/lock"
	"convbook/pkg/system/private"
	"convbook/pkg/system/process"
)

const (
	// lockFile is locked by the process that a folder belongs to, for as long as that
	// lives: a number of a process says nothing in another container. The file of the
	// same name beside the folders is locked while one is made, or leftovers are
	// removed.
	lockFile = "lock"
	// groupFile holds the path of the control group of what runs in the folder.
	groupFile = "cgroup"
	// mark is the variable by which all that runs for a folder is known.
	mark = "CONVBOOK_RUN_FOLDER"
)

// FolderVariable names the folder that a kernel of ours is given for what it writes; one
// that is started by others makes its own.
const FolderVariable = "CONVBOOK_KERNEL_FOLDER"

// owned are the folders of this process.
var owned struct {
	sync.Mutex
	folders map[string]*folder
}

type folder struct {
	lock  *os.File
	group *process.Cgroup
}

// Folder returns a new folder that belongs to this process until Remove, and removes
// what others left behind.
func Folder() (string, error) {
	runs, err := private.Folder("runs")
	if err != nil {
		return "", err
	}
	if _, err := RemoveLeftovers(); err != nil {
		return "", err
	}
	guard, err := hold(runs)
	if err != nil {
		return "", err
	}
	defer guard.Close()
	path, err := os.MkdirTemp(runs, fmt.Sprintf("%d-%s-", os.Getpid(), host()))
	if err != nil {
		return "", err
	}
	alive, err := lock.Take(filepath.Join(path, lockFile))
	if err != nil {
		private.Remove(path)
		return "", err
	}
	owned.Lock()
	defer owned.Unlock()
	if owned.folders == nil {
		owned.folders = map[string]*folder{}
	}
	owned.folders[path] = &folder{lock: alive}
	return path, nil
}

// hold keeps other commands from making or removing folders beside those of this one.
func hold(runs string) (*os.File, error) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), time.Minute,
		fmt.Errorf("another command removes what is in %s and does not end", runs))
	defer cancel()
	return lock.Wait(ctx, filepath.Join(runs, lockFile), func() {})
}

// Temp makes the folder for temporary files in a run's folder and returns the settings,
// NAME=value, by which programs write there and are known to belong to it. Its name is
// short because the path of a socket, which gopls opens in it, may have no more than
// about 100 letters.
func Temp(folder string) (settings []string, err error) {
	temp := filepath.Join(folder, "tmp")
	return []string{"TMPDIR=" + temp, "TMP=" + temp, "TEMP=" + temp, mark + "=" + folder + "/"}, os.Mkdir(temp, 0o700)
}

// Contain has a process that was just started end with the folder, and all that it
// will start, also in sessions of its own: by a control group where one can be made,
// else they are known by their environment.
func Contain(path string, pid int) {
	owned.Lock()
	defer owned.Unlock()
	f := owned.folders[path]
	if f == nil {
		return
	}
	if f.group == nil {
		if f.group = process.NewCgroup(filepath.Base(path)); f.group == nil {
			return
		}
		os.WriteFile(filepath.Join(path, groupFile), []byte(f.group.Path()), 0o600)
	}
	f.group.Add(pid)
}

// Remove ends what runs for a folder of this process, and removes it.
func Remove(path string) error {
	owned.Lock()
	f := owned.folders[path]
	delete(owned.folders, path)
	owned.Unlock()
	if f == nil {
		return nil
	}
	defer f.lock.Close()
	f.group.End()
	process.EndStrays(path)
	return private.Remove(path)
}

// host stands for this machine in the names of folders: a home may be shared by
// several, and only one of them can end what is left of its processes. It is short
// as the path of a socket must be.
func host() string {
	name, err := os.Hostname()
	if err != nil {
		name = "localhost"
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:3])
}

// owner returns the process and the machine that a run's folder belongs to.
func owner(folder string) (pid int, machine string, ok bool) {
	number, rest, _ := strings.Cut(folder, "-")
	pid, err := strconv.Atoi(number)
	end := strings.LastIndexByte(rest, '-')
	if err != nil || end < 0 {
		return 0, "", false
	}
	return pid, rest[:end], true
}

// Running returns how many folders belong to processes of this machine, besides this
// one, that live.
func Running() int {
	n := 0
	for _, runs := range private.Existing("runs") {
		each(runs, func(path string) {
			alive, err := lock.Abandoned(filepath.Join(path, lockFile))
			if errors.Is(err, lock.ErrHeld) {
				n++
			} else if err == nil {
				alive.Close()
			}
		})
	}
	return n
}

// RemoveLeftovers removes the folders of this machine's processes that are gone, ends
// what those left running, and says how many of them had left something.
func RemoveLeftovers() (removed int, err error) {
	for _, runs := range private.Existing("runs") {
		guard, failed := hold(runs)
		if failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		failed = each(runs, func(path string) {
			held, gone := abandoned(path)
			if !gone {
				return
			}
			if group, err := os.ReadFile(filepath.Join(path, groupFile)); err == nil {
				process.FindCgroup(string(group), filepath.Base(path)).End()
			}
			process.EndStrays(path)
			if !isEmpty(path) {
				removed++
			}
			private.Remove(path)
			held.Close()
		})
		err = errors.Join(err, failed)
		guard.Close()
	}
	return removed, err
}

// abandoned locks a folder whose process is gone. One without a lock was made by a
// process that was killed in that moment, or by an earlier version.
func abandoned(path string) (held *os.File, gone bool) {
	held, err := lock.Abandoned(filepath.Join(path, lockFile))
	if !errors.Is(err, fs.ErrNotExist) {
		return held, err == nil
	}
	pid, _, _ := owner(filepath.Base(path))
	info, err := os.Lstat(path)
	return nil, err == nil && !process.Alive(pid) && time.Since(info.ModTime()) > time.Minute
}

// each visits the folders of this machine's processes, but for this one's.
func each(runs string, visit func(path string)) error {
	entries, err := os.ReadDir(runs)
	for _, e := range entries {
		path := filepath.Join(runs, e.Name())
		owned.Lock()
		own := owned.folders[path] != nil
		owned.Unlock()
		if _, machine, ok := owner(e.Name()); ok && machine == host() && !own {
			visit(path)
		}
	}
	return err
}

// isEmpty says whether a folder holds no file but its lock, as where a kernel has ended
// by itself.
func isEmpty(folder string) bool {
	found := errors.New("found")
	return filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.IsDir() && path != filepath.Join(folder, lockFile) && path != filepath.Join(folder, groupFile) {
			return found
		}
		return nil
	}) == nil
}

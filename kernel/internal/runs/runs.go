// Package runs gives each kernel and each JupyterLab a folder of its own for all that
// it writes besides its results, and removes those of processes that are gone.
package runs

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"convbook/kernel/internal/process"
	"convbook/pkg/system/private"
)

// Environment names the folder that a kernel of ours is given for what it writes; one
// that is started by others makes its own.
const Environment = "CONVBOOK_KERNEL_FOLDER"

// Folder returns a new folder that belongs to this process, and sweeps up what others
// left behind.
func Folder() (string, error) {
	runs, err := private.Folder("runs")
	if err != nil {
		return "", err
	}
	if _, err := Sweep(); err != nil {
		return "", err
	}
	return os.MkdirTemp(runs, fmt.Sprintf("%d-%s-", os.Getpid(), host()))
}

// Temp makes the folder for temporary files in a run's folder and returns the settings,
// NAME=value, by which programs write there. Its name is short because the path of a
// socket, which gopls opens in it, may have no more than about 100 letters.
func Temp(folder string) (settings []string, err error) {
	temp := filepath.Join(folder, "tmp")
	return []string{"TMPDIR=" + temp, "TMP=" + temp, "TEMP=" + temp}, os.Mkdir(temp, 0o700)
}

// host stands for this machine in the names of folders: a home may be shared by
// several, and only one of them knows which of its processes are alive. It is short
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

// Running returns how many processes of this machine, besides this one, have a folder.
func Running() int {
	n := 0
	each(func(_ string, pid int) {
		if process.Alive(pid) {
			n++
		}
	})
	return n
}

// Sweep removes the folders of this machine's processes that are gone, ends what those
// left running, and says how many of them had left something.
func Sweep() (swept int, err error) {
	err = each(func(folder string, pid int) {
		if process.Alive(pid) {
			return
		}
		process.EndStrays(folder)
		if !isEmpty(folder) {
			swept++
		}
		private.Remove(folder)
	})
	return swept, err
}

// each visits the folders of this machine's processes, but for this one's.
func each(visit func(folder string, pid int)) (err error) {
	for _, cache := range private.Existing("runs") {
		entries, failed := os.ReadDir(cache)
		err = errors.Join(err, failed)
		for _, e := range entries {
			if pid, machine, ok := owner(e.Name()); ok && machine == host() && pid != os.Getpid() {
				visit(filepath.Join(cache, e.Name()), pid)
			}
		}
	}
	return err
}

// isEmpty says whether there is no file below a folder, as where a kernel has ended by
// itself.
func isEmpty(folder string) bool {
	found := errors.New("found")
	return filepath.WalkDir(folder, func(_ string, entry os.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return found
		}
		return nil
	}) == nil
}

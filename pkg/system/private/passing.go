package private

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"convbook/pkg/system/lock"
)

const (
	passingPrefix = "convbook-" // of the names of folders that New makes
	passingLock   = "lock"      // a file in them that is locked while they are used
)

// New makes a folder, of the mode 0700, whose name nobody knows before, among the
// temporary files. Where its path may have no more than so many letters, as that of a
// socket, it is made in XDG_RUNTIME_DIR or /tmp if need be; 0 is any number. What remove
// does not remove, because the process is killed, RemoveLeftovers does.
func New(longest int) (dir string, remove func() error, err error) {
	var problems []error
	for i, base := range passingBases() {
		if longest == 0 && i > 0 {
			break
		}
		if longest > 0 && len(filepath.Join(base, passingPrefix+"1234567890")) > longest {
			problems = append(problems, fmt.Errorf("%s is a long name", base))
			continue
		}
		dir, err := os.MkdirTemp(base, passingPrefix)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		held, err := lock.Take(filepath.Join(dir, passingLock))
		if err != nil {
			os.Remove(dir)
			problems = append(problems, err)
			continue
		}
		return dir, func() error {
			defer held.Close()
			return removeFrom(base, filepath.Base(dir))
		}, nil
	}
	return "", nil, errors.Join(problems...)
}

// passingBases are the folders that New tries.
func passingBases() []string {
	bases := []string{os.TempDir()}
	if runtimes := runtimeFolder(); runtimes != "" {
		bases = append(bases, runtimes)
	}
	return append(bases, "/tmp")
}

// RemoveLeftovers removes what New has made for this user's processes that were killed,
// and says for how many.
func RemoveLeftovers() (removed int) {
	bases := passingBases()
	slices.Sort(bases)
	for _, base := range slices.Compact(bases) {
		entries, _ := os.ReadDir(base)
		for _, e := range entries {
			dir := filepath.Join(base, e.Name())
			if !strings.HasPrefix(e.Name(), passingPrefix) || Check(dir) != nil {
				continue
			}
			held, err := lock.Abandoned(filepath.Join(dir, passingLock))
			if err != nil {
				continue
			}
			if removeFrom(base, e.Name()) == nil {
				removed++
			}
			held.Close()
		}
	}
	return removed
}

// passing is the folder that this process makes where no other can be used.
var passing struct {
	sync.Mutex
	dir    string
	remove func() error
}

func passingFolder() (string, error) {
	passing.Lock()
	defer passing.Unlock()
	if passing.dir != "" && Check(passing.dir) == nil {
		return passing.dir, nil
	}
	dir, remove, err := New(0)
	if err == nil {
		passing.dir, passing.remove = dir, remove
	}
	return dir, err
}

// passingMade returns the folder where there is one.
func passingMade() []string {
	passing.Lock()
	defer passing.Unlock()
	if passing.dir == "" {
		return nil
	}
	return []string{passing.dir}
}

// Passes says whether a folder that Folder has returned was made for this process
// alone.
func Passes(dir string) bool {
	made := passingMade()
	return made != nil && strings.HasPrefix(dir, made[0]+string(filepath.Separator))
}

// Close removes what Folder has made for this process alone.
func Close() error {
	passing.Lock()
	defer passing.Unlock()
	if passing.dir == "" {
		return nil
	}
	err := passing.remove()
	passing.dir, passing.remove = "", nil
	return err
}

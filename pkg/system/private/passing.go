package private

import (
	"os"
	"path/filepath"
	"strings"
	"sync"

	"convbook/pkg/system/lock"
)

// passing is the folder that this process makes where no other can be used.
var passing oneProcess

type oneProcess struct {
	mu   sync.Mutex
	dir  string
	lock *os.File // a sign of life for those who look for leftovers
}

const (
	passingPrefix = "convbook-" // of the folders' names
	passingLock   = "lock"
)

func (p *oneProcess) folder() (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dir != "" && Check(p.dir) == nil {
		return p.dir, nil
	}
	dir, err := os.MkdirTemp("", passingPrefix) // of the mode 0700
	if err != nil {
		return "", err
	}
	held, err := lock.Take(filepath.Join(dir, passingLock))
	if err != nil {
		os.Remove(dir)
		return "", err
	}
	p.dir, p.lock = dir, held
	return dir, nil
}

// made returns the folder where there is one.
func (p *oneProcess) made() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dir == "" {
		return nil
	}
	return []string{p.dir}
}

// Close removes what Folder has made for this process alone.
func Close() error {
	passing.mu.Lock()
	defer passing.mu.Unlock()
	if passing.dir == "" {
		return nil
	}
	err := removeFrom(filepath.Dir(passing.dir), filepath.Base(passing.dir))
	passing.lock.Close()
	passing.dir, passing.lock = "", nil
	return err
}

// RemoveLeftovers removes what Folder has made for single processes of this user that
// have not called Close, and says for how many.
func RemoveLeftovers() (removed int) {
	temp := os.TempDir()
	entries, err := os.ReadDir(temp)
	if err != nil {
		return 0
	}
	for _, e := range entries {
		dir := filepath.Join(temp, e.Name())
		if !strings.HasPrefix(e.Name(), passingPrefix) || Check(dir) != nil {
			continue
		}
		held, err := lock.Abandoned(filepath.Join(dir, passingLock))
		if err != nil {
			continue
		}
		if removeFrom(temp, e.Name()) == nil {
			removed++
		}
		held.Close()
	}
	return removed
}

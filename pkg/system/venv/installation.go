package venv

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
)

// State says how far the making of an environment is, in packages.
type State struct {
	All       int // 0 where that is not known yet
	Fetched   int
	Installed int
}

// installation follows the making of an environment.
type installation struct {
	dir          string
	all, fetched atomic.Int64 // packages
}

// pins matches the packages of a requirements file.
var pins = regexp.MustCompile(`(?m)^\S+==`)

func newInstallation(dir string, packages []byte) *installation {
	i := &installation{dir: dir}
	i.all.Store(int64(len(pins.FindAll(packages, -1))))
	return i
}

// seen looks at a line of pip or uv, and says whether it only tells how far they are.
// pip names the packages of other systems first, and fetches all others before it
// installs one; uv tells how many there are.
func (i *installation) seen(line string) bool {
	var all int64
	switch {
	case strings.HasPrefix(line, "Ignoring "):
		i.all.Add(-1)
	case strings.HasPrefix(line, "Collecting "):
		i.fetched.Add(1)
	default:
		if n, _ := fmt.Sscanf(line, "Resolved %d packages", &all); n == 1 {
			i.all.Store(all)
		}
		return false
	}
	return true
}

func (i *installation) state() State {
	installed, _ := filepath.Glob(filepath.Join(i.dir, "lib", "python*", "site-packages", "*.dist-info"))
	const own = 2 // pip and setuptools are there from the first
	s := State{All: int(i.all.Load()), Fetched: int(i.fetched.Load())}
	if len(installed) > own {
		s.Installed = len(installed)
	}
	return s
}

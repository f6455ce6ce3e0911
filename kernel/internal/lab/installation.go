package lab

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"

	"convbook/kernel/internal/progress"
)

// installation says how far the making of an environment is.
type installation struct {
	dir          string
	all, fetched atomic.Int64 // packages
}

// seen looks at a line of pip or uv. pip names the packages of other systems first,
// and fetches all others before it installs one; uv tells how many there are.
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

func (i *installation) state() string {
	installed, _ := filepath.Glob(filepath.Join(i.dir, "lib", "python*", "site-packages", "*.dist-info"))
	const own = 2 // pip and setuptools are there from the first
	switch all, fetched := i.all.Load(), i.fetched.Load(); {
	case len(installed) > own:
		return progress.Of(int64(len(installed)), all, "packages installed")
	case fetched > 0:
		return progress.Of(fetched, all, "packages fetched")
	}
	return "a private Python environment"
}

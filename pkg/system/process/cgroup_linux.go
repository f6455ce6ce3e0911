package process

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A Cgroup is a control group of Linux, in which processes stay, and all that they
// start, whatever they do to get away: new sessions, empty environments. There is one
// where the system lets this user make it, as in a session of systemd and for root. The
// nil Cgroup holds nothing. (Linux kernel documentation, "Control Group v2")
type Cgroup struct{ path string }

// cgroupPrefix begins the names of the groups.
const cgroupPrefix = "convbook-"

// NewCgroup makes a group inside this process's own, and returns nil where it cannot.
func NewCgroup(name string) *Cgroup {
	own, err := ownCgroup()
	if err != nil {
		return nil
	}
	g := &Cgroup{filepath.Join(own, cgroupPrefix+name)}
	if os.Mkdir(g.path, 0o755) != nil {
		return nil
	}
	if _, err := os.Stat(g.file("cgroup.kill")); err != nil { // before Linux 5.14
		os.Remove(g.path)
		return nil
	}
	return g
}

// FindCgroup returns the group that NewCgroup has made with that name, at the path
// that Path has told; nil where that is none of this name.
func FindCgroup(path, name string) *Cgroup {
	if filepath.Base(path) != cgroupPrefix+name {
		return nil
	}
	g := &Cgroup{path}
	if _, err := os.Stat(g.file("cgroup.kill")); err != nil {
		return nil
	}
	return g
}

// Path names the group, for those who look for it later; "" where there is none.
func (g *Cgroup) Path() string {
	if g == nil {
		return ""
	}
	return g.path
}

// Add puts a process into the group, and with it what that will start.
func (g *Cgroup) Add(pid int) error {
	if g == nil {
		return errors.ErrUnsupported
	}
	return os.WriteFile(g.file("cgroup.procs"), []byte(strconv.Itoa(pid)), 0)
}

// End kills all that is in the group, and removes it.
func (g *Cgroup) End() error {
	if g == nil {
		return nil
	}
	if err := os.WriteFile(g.file("cgroup.kill"), []byte("1"), 0); err != nil {
		return err
	}
	var err error
	for range 100 { // they take a moment to go
		if err = removeGroups(g.path); !errors.Is(err, syscall.EBUSY) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// removeGroups removes a group and those in it.
func removeGroups(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			if err := removeGroups(filepath.Join(path, e.Name())); err != nil {
				return err
			}
		}
	}
	return syscall.Rmdir(path)
}

func (g *Cgroup) file(name string) string { return filepath.Join(g.path, name) }

// ownCgroup returns the folder of this process's group in the second version of the
// hierarchy.
func ownCgroup() (string, error) {
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return "", err
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(groups)) {
		own, second := strings.CutPrefix(strings.TrimSpace(line), "0::")
		if !second {
			continue
		}
		for mount := range strings.Lines(string(mounts)) {
			head, tail, _ := strings.Cut(mount, " - ")
			fields := strings.Fields(head)
			if !strings.HasPrefix(tail, "cgroup2 ") || len(fields) < 5 {
				continue
			}
			root, at := fields[3], fields[4]
			if inside, err := filepath.Rel(root, own); err == nil && filepath.IsLocal(inside) {
				return filepath.Join(at, inside), nil
			}
		}
	}
	return "", errors.ErrUnsupported
}

package process

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// EndStrays kills the processes of this user that were started with a folder in their
// command line or their environment, and that nobody else will end.
func EndStrays(folder string) {
	for range 10 { // while it is looked for them, they start others
		strays := mentioning(folder + "/")
		if len(strays) == 0 {
			return
		}
		for _, pid := range strays {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// mentioning returns the processes of this user, but for this one, with a text in
// their command line or environment. What has ended has neither.
func mentioning(text string) (found []int) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() || !isOwn(pid) {
			continue
		}
		for _, file := range []string{"cmdline", "environ"} {
			content, _ := os.ReadFile(filepath.Join("/proc", e.Name(), file))
			if strings.Contains(string(content), text) {
				found = append(found, pid)
				break
			}
		}
	}
	return found
}

// isOwn says whether a process is this user's: root could end those of others, too,
// that only name the folder.
func isOwn(pid int) bool {
	info, err := os.Stat(filepath.Join("/proc", strconv.Itoa(pid)))
	if err != nil {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// isZombie says whether a process has ended without anybody asking how: in containers
// it stays like that for ever.
func isZombie(pid int) bool {
	stat, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	name := strings.LastIndexByte(string(stat), ')') // which may hold anything itself
	return strings.HasPrefix(string(stat)[name+1:], " Z")
}

package process

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// EndStrays kills the processes that were started with a folder in their command
// line or as their folder for temporary files, and whose starter is gone.
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

// mentioning returns the processes, but for this one, with a text in their command
// line or environment. What has ended has neither.
func mentioning(text string) (found []int) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
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

// isZombie says whether a process has ended without anybody asking how: in containers
// it stays like that for ever.
func isZombie(pid int) bool {
	stat, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	name := strings.LastIndexByte(string(stat), ')') // which may hold anything itself
	return strings.HasPrefix(string(stat)[name+1:], " Z")
}

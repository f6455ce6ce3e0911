package execute

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// EndStrays kills the processes of a run whose runner is gone: those that were
// started with its folder in their command line or as their folder for
// temporary files.
func EndStrays(folder string) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		for _, file := range []string{"cmdline", "environ"} {
			text, _ := os.ReadFile(filepath.Join("/proc", e.Name(), file))
			if strings.Contains(string(text), folder+"/") {
				syscall.Kill(pid, syscall.SIGKILL)
				break
			}
		}
	}
}

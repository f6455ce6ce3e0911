//go:build !linux

package process

import (
	"os/exec"
	"runtime"
)

// EndStrays kills the processes that were started with a folder in their command
// line, and whose starter is gone.
func EndStrays(folder string) {
	if runtime.GOOS != "windows" {
		exec.Command("pkill", "-9", "-f", folder+"/").Run()
	}
}

func isZombie(int) bool { return false }

//go:build !linux

package execute

import (
	"os/exec"
	"runtime"
)

// EndStrays ends the kernel of a run whose runner is gone, found by the name of
// the run's folder in its command line.
func EndStrays(folder string) {
	if runtime.GOOS != "windows" {
		exec.Command("pkill", "-9", "-f", folder+"/").Run()
	}
}

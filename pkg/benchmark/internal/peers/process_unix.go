//go:build unix

package peers

import (
	"os/exec"
	"syscall"
	"time"
)

// ownGroup makes a command the head of a process group, so that Ctrl-C in the
// terminal reaches it only through us and ends all that it started.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
}

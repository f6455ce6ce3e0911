//go:build unix

package execute

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the kernel the head of a process group, so that Ctrl-C in the
// terminal reaches it only through us, and all that it starts can be ended.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func endGroup(cmd *exec.Cmd) {
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

func alive(pid int) bool {
	return syscall.Kill(pid, 0) != syscall.ESRCH
}

//go:build unix

package process

import (
	"os/exec"
	"syscall"
)

// OwnGroup makes a command the head of a process group, so that Ctrl-C in the
// terminal reaches it only through us, and all that it starts can be ended. One with a
// context is ended so with its context.
func OwnGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = new(syscall.SysProcAttr)
	}
	cmd.SysProcAttr.Setpgid = true
	if cmd.Cancel != nil {
		cmd.Cancel = func() error { return EndGroup(cmd) }
	}
}

// Ask asks a process to end.
func Ask(cmd *exec.Cmd) error { return cmd.Process.Signal(syscall.SIGTERM) }

// EndGroup ends a process that is the head of its group, and the group.
func EndGroup(cmd *exec.Cmd) error {
	return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

// Alive says whether there is a process of that number that has not ended.
func Alive(pid int) bool {
	return syscall.Kill(pid, 0) != syscall.ESRCH && !isZombie(pid)
}

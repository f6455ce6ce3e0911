package main

import (
	"os/exec"
	"syscall"
)

// endsWithUs has the system end a process when this one is killed.
func endsWithUs(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// ownSession keeps a process from the signals that its parent's terminal sends.
func ownSession(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
}

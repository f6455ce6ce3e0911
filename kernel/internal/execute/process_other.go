//go:build !unix

package execute

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

func endGroup(cmd *exec.Cmd) { cmd.Process.Kill() }

func alive(pid int) bool {
	_, err := os.FindProcess(pid)
	return err == nil
}

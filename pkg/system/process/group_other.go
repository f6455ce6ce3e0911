//go:build !unix

package process

import (
	"errors"
	"os"
	"os/exec"
)

// OwnGroup does nothing here.
func OwnGroup(*exec.Cmd) {}

// Ask says that a process cannot be asked to end here.
func Ask(*exec.Cmd) error { return errors.ErrUnsupported }

// EndGroup ends a process.
func EndGroup(cmd *exec.Cmd) error { return cmd.Process.Kill() }

// Alive says whether there is a process of that number that has not ended.
func Alive(pid int) bool {
	_, err := os.FindProcess(pid)
	return err == nil
}

package sandbox

import (
	"os/exec"
	"syscall"
)

// become makes a command that of another user.
func become(cmd *exec.Cmd, uid uint32) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
}

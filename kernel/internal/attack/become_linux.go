package attack

import (
	"os/exec"
	"syscall"
)

// become lets a command run as the account, and end with the test.
func (a *Account) become(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: uint32(a.UID), Gid: uint32(a.UID)},
		Setpgid:    true,
	}
}

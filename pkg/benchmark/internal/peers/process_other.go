//go:build !unix

package peers

import (
	"os/exec"
	"time"
)

// ownGroup makes sure that a command that is ended does not keep us waiting.
func ownGroup(cmd *exec.Cmd) { cmd.WaitDelay = time.Second }

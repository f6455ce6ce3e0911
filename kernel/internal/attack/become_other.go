//go:build !linux

package attack

import "os/exec"

// become does nothing: there are no accounts here.
func (a *Account) become(*exec.Cmd) {}

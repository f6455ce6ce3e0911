package setup

import (
	"runtime"

	"convbook/pkg/system/remedy"
)

// Supported returns an error on a system that GoNB does not run on, with what to do.
func Supported() error { return supported(runtime.GOOS) }

// supported returns an error for systems that GoNB does not run on, with what to do
// there: it needs named pipes and process groups as Unix has them.
func supported(system string) error {
	if system == "windows" {
		return remedy.Errorf("in PowerShell install WSL:  wsl --install\n"+
			"then, in the Linux shell that it opens, install Go 1.26, clone convbook there, and run this command again",
			"the GoNB kernel does not run on Windows itself")
	}
	return nil
}

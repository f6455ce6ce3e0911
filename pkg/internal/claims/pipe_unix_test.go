//go:build unix

package claims

import (
	"path/filepath"
	"syscall"
)

// pipes makes a claim that is a pipe, which would keep waiting who opens it.
func pipes(path string) []string {
	syscall.Mkfifo(filepath.Join(path, "pipe.claim"), 0o600)
	return []string{"pipe"}
}

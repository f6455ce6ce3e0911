//go:build !unix

package main

import (
	"fmt"
	"os"
)

// become is never called: GoNB runs on Unix only.
func become(path string, _ []string) {
	fmt.Fprintf(os.Stderr, "go: cells need Linux, macOS or WSL, and %s is not run here\n", path)
	os.Exit(127)
}

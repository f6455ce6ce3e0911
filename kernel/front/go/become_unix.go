//go:build unix

package main

import (
	"fmt"
	"os"
	"syscall"
)

// become runs a program in this one's place.
func become(path string, args []string) {
	err := syscall.Exec(path, append([]string{path}, args...), os.Environ())
	fmt.Fprintln(os.Stderr, "go:", err)
	os.Exit(127)
}

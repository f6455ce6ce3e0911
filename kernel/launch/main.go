// Command launch becomes the kernel that its arguments name, in the same process, with
// a folder of the kernel's own for what it writes: so Jupyter and VS Code start it.
// What a kernel leaves behind that is killed, its folder and the program of a cell that
// may run for ever, is then found by the next one that starts, and by every command of
// kernel.
package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"convbook/kernel/internal/runs"
	"convbook/pkg/system/private"
)

func main() {
	if len(os.Args) < 2 {
		fail("want the kernel's program and its arguments")
	}
	folder, err := runs.Folder()
	if err != nil {
		fail(err)
	}
	temp, err := runs.Temp(folder)
	if err == nil {
		for _, setting := range temp {
			name, value, _ := strings.Cut(setting, "=")
			os.Setenv(name, value)
		}
		err = syscall.Exec(os.Args[1], os.Args[1:], os.Environ())
	}
	private.Remove(folder)
	fail(err)
}

func fail(what any) {
	fmt.Fprintln(os.Stderr, "the kernel cannot be started:", what)
	os.Exit(1)
}

// Command devices lists the devices that pkg/gpu can train on, one a line and the best
// first. Where there is none it says what is missing, on the standard error, and fails. The
// command that sets the course up asks it, and so loads no library itself.
package main

import (
	"fmt"
	"os"

	"convbook/pkg/gpu"
)

func main() {
	names, err := gpu.Names()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, name := range names {
		fmt.Println(name)
	}
}

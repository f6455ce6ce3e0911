// Command go is what GoNB finds as the go command. It builds a cell's program without
// what the cell does not use (kernel/internal/needed); where that cannot be built, and
// for everything else, it is the go command behind it on PATH.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"convbook/kernel/internal/needed"
)

func main() {
	real, err := behind()
	if err != nil {
		fmt.Fprintln(os.Stderr, "go:", err)
		os.Exit(127)
	}
	if less := shortened(os.Args[1:]); less != nil && exec.Command(real, less...).Run() == nil {
		return // what would be said of a failure is said of the whole program
	}
	become(real, os.Args[1:])
}

// shortened returns the arguments that build GoNB's program of a cell without what is
// not used, nil where nothing can be left out.
func shortened(args []string) []string {
	if len(args) < 3 || args[0] != "build" || args[1] != "-o" || overlaid(args) || overlaid(strings.Fields(os.Getenv("GOFLAGS"))) {
		return nil
	}
	folder, err := os.Getwd()
	if err != nil || filepath.Dir(args[2]) != folder || !strings.HasPrefix(filepath.Base(folder), "gonb_") {
		return nil
	}
	overlay, err := needed.Overlay(folder)
	if err != nil || overlay == "" {
		return nil
	}
	return slices.Insert(slices.Clone(args), 1, "-overlay="+overlay)
}

// overlaid says whether the student replaces files: only one overlay counts.
func overlaid(flags []string) bool {
	return slices.ContainsFunc(flags, func(flag string) bool { return strings.HasPrefix(strings.TrimLeft(flag, "'\"-"), "overlay") })
}

// behind returns the go command that stands behind this program on PATH.
func behind() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	return after(self, filepath.SplitList(os.Getenv("PATH")))
}

// after returns the program of the same name that comes after a program in folders, the
// last time that it is in them: where a kernel runs in a cell of another one, two of these
// programs stand on PATH, and each must find the next.
func after(self string, folders []string) (found string, err error) {
	own, err := os.Stat(self)
	if err != nil {
		return "", err
	}
	for _, dir := range folders {
		path, err := exec.LookPath(filepath.Join(dir, filepath.Base(self)))
		if err != nil || !filepath.IsAbs(path) {
			continue
		}
		if info, err := os.Stat(path); err != nil {
			continue
		} else if os.SameFile(info, own) {
			found = ""
		} else if found == "" {
			found = path
		}
	}
	if found == "" {
		return "", errors.New("the go command is not on PATH")
	}
	return found, nil
}

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"convbook/kernel/internal/kernelspec"
	"convbook/kernel/internal/progress"
	"convbook/kernel/internal/runs"
	"convbook/pkg/system/private"
)

type cleanCommand struct {
	Yes bool `short:"y" help:"Remove without asking."`
}

// Run is called by kong.
func (c *cleanCommand) Run() error {
	tidy(os.Stdout)
	var folders []string
	for _, name := range []string{"kernel", "python", "home"} {
		folders = append(folders, private.Existing(name)...)
	}
	folders = append(folders, superseded()...)
	removals := map[string]func() error{}
	for _, dir := range folders {
		removals[dir] = func() error { return private.Remove(dir) }
	}
	if data, err := kernelspec.UserData(); err == nil {
		if _, err := kernelspec.Installed(data); err == nil {
			folders = append(folders, kernelspec.Folder(data))
			removals[kernelspec.Folder(data)] = func() error {
				_, err := kernelspec.Remove(data)
				return err
			}
		}
	}
	if len(folders) == 0 {
		fmt.Println("Nothing is set up.")
		return nil
	}
	fmt.Println("Set up for convbook:")
	for _, dir := range folders {
		fmt.Printf("  %9.1f MB  %s\n", float64(size(dir))/1e6, dir)
	}
	if n := runs.Running(); n > 0 {
		fmt.Printf("Kernels and labs that run now need it: %d. End them first.\n", n)
	}
	if !c.Yes {
		fmt.Print("Remove all of it? [y/N] ")
		var answer string
		fmt.Scanln(&answer)
		if answer != "y" && answer != "Y" && answer != "yes" {
			fmt.Println("Nothing is removed.")
			return nil
		}
	}
	return progress.Run(os.Stdout, "Removing", func(step *progress.Step) error {
		var problems []error
		for _, dir := range folders {
			step.Say(dir)
			problems = append(problems, removals[dir]())
		}
		return errors.Join(problems...)
	})
}

// size returns the bytes of the files in a folder.
func size(dir string) int64 {
	var sum int64
	filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			sum += info.Size()
		}
		return nil
	})
	return sum
}

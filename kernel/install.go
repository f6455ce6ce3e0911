package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"convbook/kernel/internal/kernelspec"
	"convbook/kernel/internal/setup"
)

// place is where a kernelspec goes.
type place struct {
	User   bool   `xor:"place" help:"For the user, where every Jupyter and VS Code finds it (the default)."`
	Prefix string `xor:"place" help:"For one Python environment: its folder." type:"path"`
}

func (p place) data() (string, error) {
	if p.Prefix != "" {
		return kernelspec.PrefixData(p.Prefix), nil
	}
	return kernelspec.UserData()
}

type installCommand struct {
	place
}

// Run is called by kong.
func (c *installCommand) Run(ctx context.Context) error {
	data, err := c.data()
	if err != nil {
		return err
	}
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	tidy(os.Stdout)
	tools, err := setup.Prepare(ctx, root, os.Stdout)
	if err != nil {
		return err
	}
	if err := tools.AddLaunch(ctx, os.Stdout); err != nil {
		return err
	}
	if err := addCompletion(ctx, tools); err != nil {
		return err
	}
	dir, err := kernelspec.Write(data, tools)
	if err != nil {
		return err
	}
	fmt.Printf("The kernel %q of this clone is installed in\n  %s\nOpen a notebook in Jupyter or VS Code and choose it there.\n", kernelspec.DisplayName, dir)
	return nil
}

type uninstallCommand struct {
	place
}

// Run is called by kong.
func (c *uninstallCommand) Run() error {
	data, err := c.data()
	if err != nil {
		return err
	}
	removed, err := kernelspec.Remove(data)
	switch {
	case err != nil:
		return err
	case removed:
		fmt.Printf("%s is removed.\n", kernelspec.Folder(data))
	default:
		fmt.Printf("Nothing is installed in %s.\n", kernelspec.Folder(data))
	}
	return nil
}

type cleanCommand struct {
	Yes bool `short:"y" help:"Remove without asking."`
}

// Run is called by kong.
func (c *cleanCommand) Run() error {
	tidy(os.Stdout)
	var folders []string
	for _, name := range []string{"kernel", "python", "home"} {
		found, err := setup.Existing(name)
		if err != nil {
			return err
		}
		folders = append(folders, found...)
	}
	if data, err := kernelspec.UserData(); err == nil {
		if _, err := kernelspec.Installed(data); err == nil {
			folders = append(folders, kernelspec.Folder(data))
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
	if !c.Yes {
		fmt.Print("Remove all of it? [y/N] ")
		var answer string
		fmt.Scanln(&answer)
		if answer != "y" && answer != "Y" && answer != "yes" {
			fmt.Println("Nothing is removed.")
			return nil
		}
	}
	var problems []error
	for _, dir := range folders {
		problems = append(problems, os.RemoveAll(dir))
	}
	return errors.Join(problems...)
}

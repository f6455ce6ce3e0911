package main

import (
	"context"
	"fmt"
	"os"

	"convbook/kernel/internal/kernelspec"
	"convbook/kernel/internal/setup"
	"convbook/pkg/system/private"
	"convbook/pkg/system/remedy"
)

// target is whose Jupyter a kernelspec is for.
type target struct {
	User   bool   `xor:"target" help:"For the user, where every Jupyter and VS Code finds it (the default)."`
	Prefix string `xor:"target" help:"For one Python environment: its folder." type:"path"`
}

func (p target) data() (string, error) {
	if p.Prefix != "" {
		return kernelspec.PrefixData(p.Prefix), nil
	}
	return kernelspec.UserData()
}

type installCommand struct {
	target
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
	if !private.Lasts(tools.Bin) {
		return remedy.Errorf("set HOME or XDG_CACHE_HOME", "the kernel cannot be installed: there is no cache folder that lasts")
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
	target
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

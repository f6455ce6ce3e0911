package main

import (
	"context"
	"fmt"
	"os"

	"convbook/kernel/internal/kernelspec"
	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/shared"
	"convbook/pkg/system/private"
	"convbook/pkg/system/remedy"
)

// systemPrefix is where every Jupyter of a machine looks, besides its own environment.
const systemPrefix = "/usr/local"

// target is whose Jupyter a kernelspec is for.
type target struct {
	User   bool   `xor:"target" help:"For the user, where every Jupyter and VS Code finds it (the default)."`
	Prefix string `xor:"target" help:"For all who use one Python environment: its folder." type:"path"`
	System bool   `xor:"target" help:"For all users of the machine, in /usr/local; as root."`
}

// prefix returns the prefix that all users of a kernel share, "" for one of the user's own.
func (p target) prefix() string {
	if p.System {
		return systemPrefix
	}
	return p.Prefix
}

func (p target) data() (string, error) {
	if prefix := p.prefix(); prefix != "" {
		return kernelspec.PrefixData(prefix), nil
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
	if !private.Lasts(tools.Bin) && c.prefix() == "" {
		return remedy.Errorf("set HOME or XDG_CACHE_HOME", "the kernel cannot be installed: there is no cache folder that lasts")
	}
	if err := addCompletion(ctx, tools); err != nil {
		return err
	}
	if prefix := c.prefix(); prefix != "" {
		if tools, err = tools.Share(ctx, shared.At(prefix), os.Stdout); err != nil {
			return err
		}
	}
	dir, err := kernelspec.Write(data, tools)
	if err != nil {
		return err
	}
	whose := "of this clone"
	if c.prefix() != "" {
		whose = "for all users, which does not need this clone any more,"
	}
	fmt.Printf("The kernel %q %s is installed in\n  %s\nOpen a notebook in Jupyter or VS Code and choose it there.\n", kernelspec.DisplayName, whose, dir)
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
	if err != nil {
		return err
	}
	said := false
	if removed {
		said = true
		fmt.Printf("%s is removed.\n", kernelspec.Folder(data))
	}
	if prefix := c.prefix(); prefix != "" {
		place := shared.At(prefix)
		removed, err := place.Remove()
		if err != nil {
			return err
		}
		if removed {
			said = true
			fmt.Printf("%s is removed.\n", place)
		}
	}
	if !said {
		fmt.Printf("Nothing is installed in %s.\n", kernelspec.Folder(data))
	}
	return nil
}

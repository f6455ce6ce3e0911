package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"convbook/kernel/internal/lab"
	"convbook/kernel/internal/progress"
	"convbook/kernel/internal/setup"
)

type labCommand struct {
	Browser bool `default:"true" negatable:"" help:"Open a browser."`
	Port    int  `help:"Port to listen on (a free one)."`
}

// Run is called by kong.
func (c *labCommand) Run(ctx context.Context) error {
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	tidy(os.Stdout)
	tools, err := setup.Prepare(ctx, root, os.Stdout)
	if err != nil {
		return err
	}
	if err := addCompletion(ctx, tools); err != nil {
		return err
	}
	var program string
	if err := progress.Run(os.Stdout, "JupyterLab", func(step *progress.Step) (err error) {
		step.Say("is asked for its version")
		var version string
		if program, version, err = lab.Find(ctx); program != "" {
			step.Found("ready  " + version + ", " + program)
		} else {
			step.Found("not there: it is installed once, into a private environment")
		}
		return err
	}); err != nil {
		return err
	}
	if program == "" {
		if program, err = lab.Make(ctx, os.Stdout); err != nil {
			return err
		}
	}
	if tryWriting(filepath.Join(root, "notebooks")) != nil {
		fmt.Println("\nThe notebooks cannot be saved here: to keep what you change, copy the clone to a folder of your own and run this there.")
	}
	fmt.Println("\nThe address with its token follows. Ctrl-C ends JupyterLab and its kernels.")
	return lab.Run(ctx, program, tools, lab.Options{Port: c.Port, Browser: c.Browser, Log: os.Stdout})
}

// addCompletion lets people press Tab. Without a network the first time, the kernel
// works without it.
func addCompletion(ctx context.Context, tools *setup.Tools) error {
	err := tools.AddCompletion(ctx, os.Stdout)
	if err != nil && ctx.Err() != nil {
		return err
	}
	if err != nil {
		fmt.Printf("  names are not completed with Tab, all else works: %v\n", err)
	}
	return nil
}

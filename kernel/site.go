package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/site"
	"convbook/kernel/internal/terminal"
)

type siteCommand struct {
	Out string `default:"out/site" help:"Folder for the site (${default})." type:"path"`
}

// Run is called by kong.
func (c *siteCommand) Run(ctx context.Context) error {
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	course, err := notebooks()
	if err != nil {
		return err
	}
	r := &runCommand{Out: c.Out, HTML: true}
	if err := r.writable(nil); err != nil {
		return err
	}
	tidy(os.Stdout)
	built, err := setup.BuildPlayground(ctx, root, os.Stdout)
	if err != nil {
		return err
	}
	sizes, err := site.Write(c.Out, site.Parts(built))
	if err != nil {
		return err
	}
	results := make([]result, len(course))
	for i, s := range course {
		results[i] = result{source: s, files: []string{s.path}}
	}
	index, err := r.writePages(results, site.Entry(built.Cover))
	if err != nil {
		return err
	}
	fmt.Printf("the course in %d pages: %s\n", len(course), terminal.Name(index))
	fmt.Printf("the playground: %s; its program has %s, its images %s\n", terminal.Name(filepath.Join(c.Out, site.PageFile)), megabytes(sizes.Program), megabytes(sizes.Images))
	fmt.Println("Open the first in a browser, or copy the folder onto any file server.")
	return nil
}

func megabytes(bytes int) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }

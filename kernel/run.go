package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"convbook/kernel/internal/execute"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/page"
	"convbook/kernel/internal/setup"
)

type runCommand struct {
	Names     []string      `arg:"" name:"name" help:"Notebooks: paths, parts of file names, or all."`
	Out       string        `default:"out" help:"Folder for what is made (${default})." type:"path"`
	InPlace   bool          `help:"Write the outputs into the notebooks themselves."`
	HTML      bool          `default:"true" negatable:"" help:"Make an HTML page of each notebook."`
	Timeout   time.Duration `help:"Time limit for one cell, such as 90s."`
	KeepGoing bool          `help:"Go on after a cell that fails."`
	Quiet     bool          `short:"q" help:"Show no cells, only the result."`
}

// Run is called by kong.
func (r *runCommand) Run(ctx context.Context) error {
	chosen, err := choose(r.Names)
	if err != nil {
		return err
	}
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	log := io.Writer(os.Stdout)
	if r.Quiet {
		log = io.Discard
	}
	fmt.Fprintf(log, "convbook on %s, %s/%s, %d processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	tools, err := setup.Prepare(ctx, root, log)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.Out, 0o755); err != nil {
		return fmt.Errorf("the folder for the results cannot be made: %w; choose another with --out", err)
	}
	var results []result
	for _, s := range chosen {
		res := r.notebook(ctx, tools, s, log)
		results = append(results, res)
		if res.err != nil && !r.KeepGoing {
			break
		}
	}
	var index string
	if r.HTML {
		if index, err = r.writeIndex(); err != nil {
			return err
		}
	}
	if err := summarize(results, len(chosen)); err != nil {
		return err
	}
	if index != "" {
		fmt.Printf("all pages: %s\n", index)
	}
	return nil
}

// writeIndex writes the page that leads to all pages in the folder, "" when
// there is none.
func (r *runCommand) writeIndex() (path string, err error) {
	files, err := os.ReadDir(r.Out)
	if err != nil {
		return "", err
	}
	course, err := notebooks()
	if err != nil {
		return "", err
	}
	var entries []page.Entry
	for _, file := range files {
		name, isPage := strings.CutSuffix(file.Name(), ".html")
		if !isPage {
			continue
		}
		nb, err := notebook.Read(filepath.Join(r.Out, name+".ipynb"))
		for _, s := range course { // run in place
			if err != nil && s.name == name {
				nb, err = notebook.Read(s.path)
			}
		}
		if err == nil {
			entries = append(entries, page.Entry{File: file.Name(), Name: name, Notebook: nb})
		}
	}
	if len(entries) == 0 {
		return "", nil
	}
	text, err := page.Index(entries)
	if err != nil {
		return "", err
	}
	path = filepath.Join(r.Out, "index.html")
	if err := notebook.WriteFile(path, text); err != nil {
		return "", fmt.Errorf("the index page could not be written: %w", err)
	}
	return path, nil
}

// result is what came of one notebook.
type result struct {
	source source
	cells  int
	took   time.Duration
	files  []string
	err    error
}

func (r *runCommand) notebook(ctx context.Context, tools *setup.Tools, s source, log io.Writer) (res result) {
	began := time.Now()
	res.source = s
	defer func() { res.took = time.Since(began) }()
	nb, err := notebook.Read(s.path)
	if err != nil {
		res.err = err
		return res
	}
	fmt.Fprintf(log, "\n%s: %s\n", s.name, nb.Title())
	k, err := execute.Start(ctx, tools, filepath.Dir(s.path))
	if err != nil {
		res.err = err
		return res
	}
	defer k.Stop()
	watch := &narrator{w: log}
	res.err = execute.Notebook(ctx, k, nb, execute.Options{Timeout: r.Timeout, KeepGoing: r.KeepGoing}, watch)
	res.cells = watch.cells
	if errors.Is(res.err, context.Canceled) {
		return res
	}
	res.err = errors.Join(explain(s, res.err), r.write(&res, nb))
	return res
}

// write puts the notebook and its page where they belong. A notebook that
// failed is not written over the one in place.
func (r *runCommand) write(res *result, nb *notebook.Notebook) error {
	path := filepath.Join(r.Out, res.source.name+".ipynb")
	if r.InPlace && res.err == nil {
		path = res.source.path
	}
	if err := nb.Write(path); err != nil {
		return fmt.Errorf("the executed notebook could not be written: %w", err)
	}
	res.files = append(res.files, path)
	if !r.HTML {
		return nil
	}
	html, err := page.HTML(nb, res.source.name)
	if err != nil {
		return err
	}
	path = filepath.Join(r.Out, res.source.name+".html")
	if err := notebook.WriteFile(path, html); err != nil {
		return fmt.Errorf("the page could not be written: %w", err)
	}
	res.files = append(res.files, path)
	return nil
}

// explain adds to a cell's error where it stands: the notebook and the cell's
// source with numbered lines.
func explain(s source, err error) error {
	var cell *execute.CellError
	if !errors.As(err, &cell) {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, cell %d:\n", s.path, cell.Number)
	for i, line := range strings.Split(strings.TrimRight(cell.Source, "\n"), "\n") {
		fmt.Fprintf(&b, "%4d  %s\n", i+1, line)
	}
	b.WriteString(cell.Reason)
	return errors.New(b.String())
}

// summarize prints what came of each notebook; its error is the first one.
func summarize(results []result, of int) error {
	fmt.Println()
	var first error
	for _, res := range results {
		state := "ok"
		if res.err != nil {
			state = "FAILED"
		}
		fmt.Printf("%-28s %-6s %2d cells  %6.1f s\n", res.source.name, state, res.cells, res.took.Seconds())
		for _, file := range res.files {
			fmt.Printf("  %s\n", file)
		}
		if first == nil {
			first = res.err
		}
	}
	if missing := of - len(results); missing > 0 {
		fmt.Printf("%d more not run\n", missing)
	}
	return first
}

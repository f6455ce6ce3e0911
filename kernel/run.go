package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"convbook/kernel/internal/execute"
	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/terminal"
)

type runCommand struct {
	Names     []string      `arg:"" name:"name" help:"Notebooks: paths, parts of file names, or all."`
	Out       string        `default:"out" help:"Folder for what is made (${default})." type:"path"`
	InPlace   bool          `help:"Write the outputs into the notebooks themselves."`
	HTML      bool          `default:"true" negatable:"" help:"Make an HTML page of each notebook."`
	Timeout   time.Duration `help:"Time limit for one cell, such as 90s."`
	KeepGoing bool          `help:"Go on after a cell that fails."`
	Jobs      int           `short:"j" default:"1" help:"Run so many notebooks at the same time."`
	Check     bool          `help:"Fail a notebook that misses a figure or an accuracy it promises."`
	Solutions bool          `help:"Put the solutions into the exercises first; each must pass. For teachers."`
	Plain     bool          `help:"Plain lines, as a log file gets them: no colours, nothing written over."`
	Quiet     bool          `short:"q" help:"Show no cells, only the result."`
}

// Run is called by kong.
func (r *runCommand) Run(ctx context.Context) error {
	if err := r.fits(); err != nil {
		return err
	}
	chosen, err := choose(r.Names)
	if err != nil {
		return err
	}
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	if err := r.writable(chosen); err != nil {
		return err
	}
	r.Plain = r.Plain || os.Getenv("NO_COLOR") != "" || !terminal.Is(os.Stdout)
	log := io.Writer(os.Stdout)
	switch {
	case r.Quiet:
		log = io.Discard
	case r.Plain:
		log = struct{ io.Writer }{os.Stdout} // no terminal, wherever it leads
	}
	fmt.Fprintf(log, "convbook on %s, %s/%s, %d processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	tidy(log)
	tools, err := setup.Prepare(ctx, root, log)
	if err != nil {
		return err
	}
	results := r.all(ctx, tools, chosen, log)
	var index string
	if r.HTML {
		if index, err = r.writePages(results); err != nil {
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

// fits refuses flags that contradict each other.
func (r *runCommand) fits() error {
	switch {
	case r.Solutions && r.InPlace:
		return errors.New("--solutions would write the solutions into the notebooks; leave --in-place out")
	case r.Jobs < 1:
		return fmt.Errorf("--jobs is %d; want 1 or more", r.Jobs)
	}
	return nil
}

// writable makes sure, before anything runs, that the results can be written.
func (r *runCommand) writable(chosen []source) error {
	err := os.MkdirAll(r.Out, 0o755)
	if err == nil {
		err = tryWriting(r.Out)
	}
	if err != nil {
		return fmt.Errorf("the results cannot be written: %w; choose another folder with --out", err)
	}
	if !r.InPlace {
		return nil
	}
	for _, s := range chosen {
		if err := tryWriting(filepath.Dir(s.path)); err != nil {
			return fmt.Errorf("the notebooks cannot be written: %w; leave --in-place out", err)
		}
	}
	return nil
}

func tryWriting(folder string) error {
	f, err := os.CreateTemp(folder, ".writable-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// all runs the chosen notebooks, several at a time where that was asked for, and
// returns what came of those that were run, in their order. After a failure no more
// are begun, unless asked to keep going.
func (r *runCommand) all(ctx context.Context, tools *setup.Tools, chosen []source, log io.Writer) []result {
	results := make([]*result, len(chosen))
	var failed atomic.Bool
	var running sync.WaitGroup
	slots := make(chan struct{}, r.Jobs)
	var lines sync.Mutex
	for i, s := range chosen {
		slots <- struct{}{}
		if failed.Load() && !r.KeepGoing {
			break
		}
		running.Go(func() {
			defer func() { <-slots }()
			voice := log
			if r.Jobs > 1 {
				named := &namedLines{w: log, mu: &lines, name: s.name}
				defer named.flush()
				voice = named
			}
			res := r.notebook(ctx, tools, s, voice)
			if res.err != nil {
				failed.Store(true)
			}
			results[i] = &res
		})
	}
	running.Wait()
	var done []result
	for _, res := range results {
		if res != nil {
			done = append(done, *res)
		}
	}
	return done
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
	var settings []string
	if r.Solutions {
		n, err := lesson.Solve(nb)
		if err != nil {
			res.err = fmt.Errorf("%s: %w", s.path, err)
			return res
		}
		fmt.Fprintf(log, "  with %s put in\n", counted(n, "solution"))
		settings = append(settings, lesson.Strict)
	}
	k, err := execute.Start(ctx, tools, filepath.Dir(s.path), settings...)
	if err != nil {
		res.err = err
		return res
	}
	defer k.Stop()
	watch := &narrator{w: log, plain: r.Plain, moves: terminal.Moves(log)}
	res.err = execute.Notebook(ctx, k, nb, execute.Options{Timeout: r.Timeout, KeepGoing: r.KeepGoing}, watch)
	res.cells = watch.cells
	if errors.Is(res.err, context.Canceled) {
		return res
	}
	res.err = explain(s, res.err)
	if r.Check && res.err == nil {
		if err := lesson.Check(nb); err != nil {
			res.err = fmt.Errorf("%s is not as it promises:\n%w", s.path, err)
		}
	}
	res.err = errors.Join(res.err, r.write(&res, nb))
	return res
}

// write puts the executed notebook where it belongs. One that failed is not written
// over the one in place; one that is written there replaces the copy that an earlier
// run left in the folder for results, too, of which later runs would make its page.
func (r *runCommand) write(res *result, nb *notebook.Notebook) error {
	path := filepath.Join(r.Out, res.source.name+".ipynb")
	var err error
	if r.InPlace && res.err == nil {
		if _, missing := os.Stat(path); missing == nil {
			err = nb.Write(path)
		}
		path = res.source.path
	}
	if err = errors.Join(err, nb.Write(path)); err != nil {
		return fmt.Errorf("the executed notebook could not be written: %w", err)
	}
	res.files = append(res.files, path)
	return nil
}

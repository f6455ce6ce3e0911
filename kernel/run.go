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
	"convbook/pkg/system/remedy"
)

type runCommand struct {
	Names     []string      `arg:"" name:"name" help:"Notebooks: paths, parts of file names, or all."`
	Out       string        `default:"out" help:"Folder for what is made (${default})." type:"path"`
	InPlace   bool          `help:"Write the outputs into the notebooks themselves."`
	HTML      bool          `default:"true" negatable:"" help:"Make an HTML page of each notebook."`
	Timeout   time.Duration `default:"30m" help:"Time limit for one cell, such as 90s; 0 is none (${default})."`
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
	r.Plain = r.Plain || os.Getenv("NO_COLOR") != "" || !terminal.Is(os.Stdout) || terminal.IsSimple()
	log := io.Writer(os.Stdout)
	switch {
	case r.Quiet:
		log = io.Discard
	case r.Plain:
		log = struct{ io.Writer }{os.Stdout} // no terminal, wherever it leads
	}
	fmt.Fprintf(log, "convbook on %s, %s/%s, %d processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	wrong := readAll(chosen)
	var tools *setup.Tools
	if len(wrong) < len(chosen) {
		for _, s := range chosen {
			if err := wrong[s.path]; err != nil {
				fmt.Fprintf(log, "not run: %s\n", terminal.Shown(err.Error()))
			}
		}
		tidy(log)
		if tools, err = setup.Prepare(ctx, root, log); err != nil {
			return err
		}
	}
	results := r.all(ctx, tools, chosen, wrong, log)
	failed := summarize(os.Stdout, results, len(chosen))
	if r.HTML {
		failed = errors.Join(failed, r.tellPages(results))
	}
	return failed
}

// fits refuses flags that contradict each other.
func (r *runCommand) fits() error {
	switch {
	case r.Solutions && r.InPlace:
		return remedy.Errorf("leave --in-place out", "--solutions would write the solutions into the notebooks")
	case r.Jobs < 1:
		return fmt.Errorf("--jobs is %d; want 1 or more", r.Jobs)
	case r.Timeout < 0:
		return fmt.Errorf("--timeout is %v; want a time such as 90s, or 0 for none", r.Timeout)
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
		return remedy.Errorf("choose another folder with --out", "the results cannot be written into %s: %w", terminal.Name(r.Out), reason(err))
	}
	if !r.InPlace {
		return nil
	}
	for _, s := range chosen {
		if err := tryWriting(filepath.Dir(realPath(s.path))); err != nil {
			return remedy.Errorf("leave --in-place out", "%s cannot be written: %w", terminal.Name(s.path), reason(err))
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

// realPath is where a link leads.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// all runs the chosen notebooks but for those that are wrong, several at a time where
// that was asked for, and returns what came of each, in their order. After a failure no
// more are begun, unless asked to keep going.
func (r *runCommand) all(ctx context.Context, tools *setup.Tools, chosen []source, wrong map[string]error, log io.Writer) []result {
	results := make([]*result, len(chosen))
	var failed atomic.Bool
	var running sync.WaitGroup
	slots := make(chan struct{}, r.Jobs)
	var lines sync.Mutex
	for i, s := range chosen {
		if err := wrong[s.path]; err != nil {
			results[i] = &result{source: s, err: err}
			continue
		}
		slots <- struct{}{}
		if failed.Load() && !r.KeepGoing || ctx.Err() != nil {
			<-slots
			continue
		}
		running.Go(func() {
			defer func() { <-slots }()
			out := log
			if r.Jobs > 1 {
				named := &prefixed{w: log, mu: &lines, name: s.name}
				defer named.flush()
				out = named
			}
			res := r.notebook(ctx, tools, s, out)
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
	nb, text, err := runnable(s)
	if err != nil {
		res.err = err
		return res
	}
	fmt.Fprintf(log, "\n%s: %s\n", terminal.Name(s.name), terminal.Line(nb.Title()))
	var settings []string
	strict, err := r.strictly(nb)
	if err != nil {
		res.err = fmt.Errorf("%s: %w", terminal.Name(s.path), err)
		return res
	}
	if strict != nil {
		defer strict.Remove()
		settings = strict.Settings()
	}
	if r.Solutions {
		n, err := lesson.Solve(nb)
		if err != nil {
			res.err = fmt.Errorf("%s: %w", terminal.Name(s.path), err)
			return res
		}
		fmt.Fprintf(log, "  with %s put in\n", counted(n, "solution"))
	}
	k, err := execute.Start(ctx, tools, filepath.Dir(s.path), settings...)
	if err != nil {
		res.err = fmt.Errorf("%s: %w", terminal.Name(s.path), err)
		return res
	}
	defer k.Stop()
	watch := &cellLog{w: log, plain: r.Plain, moves: terminal.Moves(log)}
	err = execute.Notebook(ctx, k, nb, execute.Options{Timeout: r.Timeout, KeepGoing: r.KeepGoing}, watch)
	res.cells = watch.cells
	if errors.Is(err, context.Canceled) {
		res.err = err
		return res
	}
	if failed := new(execute.CellError); errors.As(err, &failed) {
		res.err = explain(s, err)
	} else if err != nil {
		res.err = fmt.Errorf("%s: %w", terminal.Name(s.path), err)
	}
	if strict != nil {
		if err := strict.passed(); err != nil {
			res.err = errors.Join(res.err, fmt.Errorf("%s: %w", terminal.Name(s.path), err))
		}
	}
	if r.Check && res.err == nil {
		if err := lesson.Check(nb); err != nil {
			res.err = fmt.Errorf("%s is not as it promises:\n%w", terminal.Name(s.path), err)
		}
	}
	if err := r.write(&res, nb, text); err != nil {
		res.err = errors.Join(res.err, fmt.Errorf("%s: the executed notebook could not be written: %w", terminal.Name(s.path), err))
	}
	return res
}

// write puts the executed notebook where it belongs. One that failed is not written
// over the one in place, which held was when it was read; one that is written there
// replaces the copy that an earlier run left in the folder for results, too, of which
// later runs would make its page.
func (r *runCommand) write(res *result, nb *notebook.Notebook, was []byte) error {
	path := filepath.Join(r.Out, res.source.name+ending)
	if !r.InPlace || res.err != nil {
		res.files = append(res.files, path)
		return nb.Write(path)
	}
	written, err := nb.Replace(res.source.path, was)
	if err != nil {
		return err
	}
	res.files = append(res.files, written)
	if written != res.source.path {
		res.notes = append(res.notes, "the notebook was edited while it ran: it is left as it is, and the result is beside it")
	}
	if _, missing := os.Stat(path); missing == nil {
		return nb.Write(path)
	}
	return nil
}

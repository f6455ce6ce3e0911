package execute

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/terminal"
)

// Watcher is told how a run goes.
type Watcher interface {
	CellBegins(number, of int, cell *notebook.Cell)
	Text(text string) // what the cell prints, as it comes
	CellEnds(took time.Duration, err error)
}

// Options say how a notebook is run.
type Options struct {
	Timeout   time.Duration // for one cell; 0: none
	KeepGoing bool          // after a cell that fails
}

// CellError says which cell failed and how.
type CellError struct {
	Number int // of the cell among those that run, from 1: the kernel's own
	Source string
	Reason string // what the kernel said, without colours
}

func (e *CellError) Error() string { return fmt.Sprintf("cell %d failed: %s", e.Number, e.Reason) }

var errTimeout = errors.New("it took longer than the time limit")

// Notebook runs the code cells of nb in order and puts their outputs into it.
// It stops at the first cell that fails, unless that cell has the tag
// raises-exception or options say to keep going; cells with the tag
// skip-execution are left as they are. Of several failed cells the error is the
// first one's.
func Notebook(ctx context.Context, k *Kernel, nb *notebook.Notebook, options Options, watch Watcher) error {
	out := &outputs{displays: map[string][]notebook.Output{}}
	code := 0
	for _, c := range nb.Cells {
		if isRun(c) {
			code++
		}
	}
	var first error
	number := 0
	for _, c := range nb.Cells {
		if !isRun(c) {
			continue
		}
		number++
		watch.CellBegins(number, code, c)
		began := time.Now()
		reason, err := k.cell(ctx, c, out, options, watch)
		if err == nil && reason != "" && !c.HasTag("raises-exception") {
			err = &CellError{Number: number, Source: c.Source, Reason: reason}
		}
		watch.CellEnds(time.Since(began), err)
		if first == nil {
			first = err
		}
		var failed *CellError
		if err != nil && (!options.KeepGoing || !errors.As(err, &failed)) {
			return first
		}
	}
	return first
}

func isRun(c *notebook.Cell) bool {
	return c.Kind == "code" && !c.HasTag("skip-execution") && strings.TrimSpace(c.Source) != ""
}

// cell runs one cell. reason is what went wrong in the student's code, err what
// went wrong around it.
func (k *Kernel) cell(ctx context.Context, c *notebook.Cell, out *outputs, options Options, watch Watcher) (reason string, err error) {
	if options.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, options.Timeout, errTimeout)
		defer cancel()
	}
	c.Outputs, c.ExecutionCount = nil, 0
	out.cell, out.clear = c, false
	reply, err := k.Execute(ctx, c.Source, k.dead, func(m *jupyter.Message) {
		if text := out.add(m); text != "" {
			watch.Text(text)
		}
	})
	out.finish(k.folder)
	switch {
	case errors.Is(err, errTimeout):
		if err := k.Interrupt(); err != nil {
			return "", err
		}
		return fmt.Sprintf("%v of %v", err, options.Timeout), nil
	case errors.Is(err, jupyter.ErrKernelDied):
		return "", fmt.Errorf("%w while the cell ran: %s", err, k.log)
	case err != nil:
		return "", err
	}
	c.ExecutionCount = reply.ExecutionCount
	if reply.Status == "ok" {
		return "", nil
	}
	return strings.TrimSpace(tidy(k.folder, terminal.Plain(errorText(c, reply)))), nil
}

// errorText is what the kernel says of a failed cell: what it printed as an
// error, or else the reply itself.
func errorText(c *notebook.Cell, reply *jupyter.Reply) string {
	var text strings.Builder
	for _, o := range c.Outputs {
		if o["output_type"] == "stream" && o["name"] == "stderr" {
			text.WriteString(o["text"].(string))
		}
	}
	if text.Len() > 0 {
		return text.String()
	}
	if traceback := strings.Join(reply.Traceback, "\n"); strings.TrimSpace(traceback) != "" {
		return traceback
	}
	return reply.Name + ": " + reply.Value
}

package execute

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/pitfall"
	"convbook/kernel/internal/terminal"
	"convbook/pkg/system/remedy"
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
	out := newOutputs()
	exits := mayExit(nb)
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
		reason, err := k.cell(ctx, c, exits, out, options, watch)
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
// went wrong around it. exits says that the code may end the program before main ends.
func (k *Kernel) cell(ctx context.Context, c *notebook.Cell, exits bool, out *outputs, options Options, watch Watcher) (reason string, err error) {
	if options.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, options.Timeout, errTimeout)
		defer cancel()
	}
	code := strings.Join(pitfall.Lines(c.Source), "\n")
	if exits {
		if code, exits = noted(code); exits {
			os.Remove(filepath.Join(k.folder, endFile))
		}
	}
	commands := pitfall.Commands(code)
	failure := "" // of one of them
	c.Outputs, c.ExecutionCount = nil, 0
	out.begin(c)
	reply, err := k.Execute(ctx, code, k.dead, func(m *jupyter.Message) {
		if text := out.add(m); text != "" {
			watch.Text(text)
		}
		if len(commands) > 0 && failure == "" {
			failure = exitStatus(m)
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
		return "", remedy.Errorf("it was ended from outside, or the machine's memory is full: run the notebook again, with less",
			"%w while the cell ran (%s)", err, k.log)
	case err != nil:
		return "", err
	}
	c.ExecutionCount = reply.ExecutionCount
	switch {
	case reply.Status != "ok":
		return strings.TrimSpace(tidy(k.folder, terminal.Plain(errorText(reply)))), nil
	case failure != "":
		return fmt.Sprintf("%s failed: %s", oneOf(commands), failure), nil
	}
	if _, missing := os.Stat(filepath.Join(k.folder, endFile)); exits && missing != nil {
		return "the program ended with os.Exit(0) before the cell's end; use return, or os.Exit(1) for a failure", nil
	}
	return "", nil
}

var exited = regexp.MustCompile(`^(?:\^C\n)?(?:exit status \d+|signal: .*)\n$`)

// exitStatus returns how a command of the shell failed, which GoNB prints in a message
// of its own.
func exitStatus(m *jupyter.Message) string {
	var content struct{ Name, Text string }
	if m.Header.Type != "stream" || json.Unmarshal(m.Content, &content) != nil || content.Name != "stderr" || !exited.MatchString(content.Text) {
		return ""
	}
	return strings.TrimSpace(content.Text)
}

// oneOf names the command that failed among several.
func oneOf(commands []string) string {
	if len(commands) == 1 {
		return commands[0]
	}
	return "one of the commands " + strings.Join(commands, ", ")
}

// errorText is what the kernel says of a failed cell.
func errorText(reply *jupyter.Reply) string {
	if traceback := strings.Join(reply.Traceback, "\n"); strings.TrimSpace(traceback) != "" {
		return traceback
	}
	return reply.Name + ": " + reply.Value
}

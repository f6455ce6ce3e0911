package mark

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/sandbox"
	"convbook/kernel/internal/terminal"
)

// Outcome is what came of a check.
type Outcome string

// Unnamed is the check of a hand-in whose checks are not known.
const Unnamed = "-"

// The outcomes. A check that did not end with one of the first three did not run.
const (
	Right      Outcome = "right"
	Wrong      Outcome = "wrong"
	NotWritten Outcome = "not written"
	DidNotRun  Outcome = "did not run"
)

// Verdict is what is said of one check of one hand-in.
type Verdict struct {
	Check   string        `json:"check"`
	Outcome Outcome       `json:"outcome"`
	Reason  string        `json:"reason,omitempty"` // of what did not run, or is not there
	Report  string        `json:"report,omitempty"` // of the check, with the hint
	Printed string        `json:"printed,omitempty"`
	Took    time.Duration `json:"took"`
}

// Points is 1 for a right answer.
func (v Verdict) Points() int {
	if v.Outcome == Right {
		return 1
	}
	return 0
}

const (
	mostReport  = 50_000   // bytes of a check's report
	mostPrinted = 20_000   // bytes of what an answer prints, that are kept
	patience    = 64 << 20 // bytes that it may print
)

// Memory of an answer's program and of a check's.
const (
	answerMemory = 2 << 30
	checkMemory  = 4 << 30
)

var (
	errTime    = errors.New("the time limit")
	errPrints  = errors.New("printing too much")
	errIsOver  = errors.New("the check is over")
	errNoBoxes = errors.New("the sandbox could not be made")
)

// endedEarly is what a check says when the answer's program ended before it.
// (remote.Ended)
const endedEarly = "ended"

// ended is how a program ended.
type ended struct {
	state *os.ProcessState
	err   error
}

// check lets the program of a check ask that of an answer. An error is one of the
// machine's, and no verdict.
func (m *Marker) check(ctx context.Context, answer, check, name string) (v Verdict, err error) {
	began := time.Now()
	defer func() { v.Check, v.Took = name, time.Since(began) }()
	folder, err := os.MkdirTemp(m.folder, "check-")
	if err != nil {
		return v, err
	}
	defer os.RemoveAll(folder)
	record, err := lesson.RecordIn(folder, 0o666)
	if err != nil {
		return v, err
	}
	pipes, err := newPipes(3)
	if err != nil {
		return v, err
	}
	requests, answers, trouble := pipes[0], pipes[1], pipes[2]
	ctx, cancel := context.WithTimeoutCause(ctx, m.timeout, errTime)
	defer cancel()
	inner, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	limits := sandbox.Limits{Memory: answerMemory, File: 1 << 20, CPU: m.timeout * time.Duration(runtime.NumCPU())}
	var printed, report, failure bytes.Buffer
	kept := &limited{to: &printed, most: mostPrinted, patience: patience, tooMuch: func() { stop(errPrints) }}
	answered := make(chan ended, 1)
	go func() {
		state, err := m.box.Run(inner, sandbox.Program{Command: []string{answer}, Env: environment("/"), Read: []string{answer}, Limits: limits,
			Stdout: kept, Stderr: kept, Files: []*os.File{requests.r, answers.w}})
		answered <- ended{state, err}
	}()
	said := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(io.LimitReader(trouble.r, 10_000))
		trouble.r.Close()
		said <- string(text)
	}()
	limits.Memory, limits.File = checkMemory, 1<<30
	state, err := m.box.Run(ctx, sandbox.Program{Command: []string{check},
		Env:  append(environment(folder), record.Setting(), "CONVBOOK_DATA="+m.data),
		Read: m.reads(check), Write: folder, Limits: limits,
		Stdout: &limited{to: &report, most: mostReport}, Stderr: &limited{to: &failure, most: mostReport}, Files: []*os.File{requests.w, answers.r, trouble.w}})
	why := <-said
	var of ended
	if why == endedEarly { // how, is only known when it has
		select {
		case of = <-answered:
			answered <- of
		case <-time.After(2 * time.Second):
		}
	}
	stop(errIsOver)
	of = <-answered
	v.Report, v.Printed = m.shown(report.String()), m.shown(printed.String())
	switch {
	case sandbox.NotEntered(state):
		return v, fmt.Errorf("%w: %w %s", errNoBoxes, err, failure.Bytes())
	case sandbox.NotEntered(of.state):
		return v, fmt.Errorf("%w: %w %s", errNoBoxes, of.err, printed.Bytes())
	case context.Cause(ctx) == errTime:
		v.Outcome, v.Reason = DidNotRun, fmt.Sprintf("it was not done within %v", m.timeout)
		return v, nil
	case ctx.Err() != nil:
		return v, context.Cause(ctx)
	}
	endings, err := record.Endings()
	if err != nil {
		return v, err
	}
	v.Outcome, v.Reason = judge(state, endings, name, why, of, v.Printed)
	switch {
	case v.Outcome == DidNotRun && v.Reason == "":
		v.Reason = "the check did not end: " + firstLine(failure.String())
	case v.Reason == gaveNone:
		if _, what, found := strings.Cut(v.Report, "✗ "+name+": "); found {
			v.Reason = firstLine(what)
		}
	}
	return v, nil
}

const gaveNone = "the function gave no answer"

// judge reads what a check's program left.
func judge(state *os.ProcessState, endings []lesson.Ending, name, why string, of ended, printed string) (o Outcome, reason string) {
	if why == endedEarly || why == "" && of.err != nil && errors.Is(of.err, errPrints) {
		return DidNotRun, lastWords(of, printed)
	}
	if why != "" {
		return DidNotRun, why
	}
	if state.ExitCode() != 0 && state.ExitCode() != 1 {
		return DidNotRun, ""
	}
	if len(endings) != 1 || endings[0].Check != name {
		return DidNotRun, ""
	}
	switch endings[0].Verdict {
	case "right":
		return Right, ""
	case "not-right":
		return Wrong, ""
	case "not-written":
		return NotWritten, ""
	case "no-answer":
		return DidNotRun, gaveNone
	}
	return DidNotRun, ""
}

// lastWords says how an answer's program ended before its check had.
func lastWords(of ended, printed string) string {
	switch {
	case errors.Is(of.err, errPrints):
		return fmt.Sprintf("it printed more than %d MB", patience>>20)
	case errors.Is(of.err, errIsOver):
		return "it closed the way to its check"
	}
	if status, ok := of.state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		if status.Signal() == syscall.Signal(24) { // SIGXCPU
			return "it computed for too long"
		}
		return fmt.Sprintf("it was ended by the signal %q", status.Signal())
	}
	for line := range strings.Lines(printed) {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return "the program stopped in the middle of the check: " + firstLine(line)
		}
	}
	return fmt.Sprintf("the program ended itself in the middle of the check, with status %d: does it call os.Exit?", of.state.ExitCode())
}

// shown is what a program printed, for others to read: without what steers a terminal
// and without the names of this machine's folders.
func (m *Marker) shown(text string) string {
	text = strings.NewReplacer(m.build.root, "convbook", m.folder, "…").Replace(text)
	return terminal.Plain(strings.ToValidUTF8(text, ""))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(terminal.Plain(text)), "\n")
	return strings.ToValidUTF8(line[:min(len(line), 300)], "") // a letter that is cut
}

// environment is all that a program learns of the machine.
func environment(home string) []string {
	return []string{"HOME=" + home, "TMPDIR=" + home, "XDG_CACHE_HOME=" + filepath.Join(home, "cache"), "PATH=", "LANG=C.UTF-8", "GOTRACEBACK=single"}
}

// pipe is a way from w to r.
type pipe struct{ r, w *os.File }

func newPipes(n int) (list []pipe, err error) {
	for range n {
		r, w, err := os.Pipe()
		if err != nil {
			for _, p := range list {
				p.r.Close()
				p.w.Close()
			}
			return nil, err
		}
		list = append(list, pipe{r, w})
	}
	return list, nil
}

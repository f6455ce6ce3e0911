package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"convbook/kernel/internal/execute"
	"convbook/kernel/internal/pitfall"
	"convbook/kernel/internal/terminal"
)

// result is what came of one notebook.
type result struct {
	source source
	cells  int
	took   time.Duration
	files  []string
	pages  []string
	notes  []string // lines under its files
	err    error
}

// explain adds to a cell's error where it stands: the notebook and the cell's
// source with numbered lines.
func explain(s source, err error) error {
	var cell *execute.CellError
	if !errors.As(err, &cell) {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, cell [%d]:\n", terminal.Name(s.path), cell.Number)
	lines := pitfall.Lines(strings.TrimRight(cell.Source, "\r\n"))
	for i, line := range lines[:min(len(lines), maxLines)] {
		fmt.Fprintf(&b, "%4d  %s\n", i+1, terminal.Shown(shortened(line)))
	}
	if more := len(lines) - maxLines; more > 0 {
		fmt.Fprintf(&b, "      (%d more lines)\n", more)
	}
	b.WriteString(terminal.Shown(cell.Reason))
	return errors.New(b.String())
}

// maxLines and maxLetters bound what of a cell is shown with its error.
const (
	maxLines   = 200
	maxLetters = 500
)

func shortened(line string) string {
	if letters := []rune(line); len(letters) > maxLetters {
		return string(letters[:maxLetters]) + "..."
	}
	return line
}

// summarize prints what came of each notebook, and the reason of each that failed. Its
// error is that some did.
func summarize(w io.Writer, results []result, of int) error {
	fmt.Fprintln(w)
	failed, stopped := 0, error(nil)
	for _, res := range results {
		state := "ok"
		switch {
		case errors.Is(res.err, context.Canceled):
			state, stopped = "stopped", res.err
		case res.err != nil:
			state = "FAILED"
			failed++
		}
		fmt.Fprintf(w, "%s %-7s %8s  %6.1f s\n", terminal.Padded(terminal.Name(res.source.name), 28), state, counted(res.cells, "cell"), res.took.Seconds())
		for _, file := range res.files {
			fmt.Fprintf(w, "  %s\n", terminal.Name(file))
		}
		for _, note := range res.notes {
			fmt.Fprintf(w, "  %s\n", terminal.Line(note))
		}
	}
	if missing := of - len(results); missing > 0 {
		fmt.Fprintf(w, "%d more not run\n", missing)
	}
	switch {
	case stopped != nil:
		return stopped
	case failed > 0:
		return failures(results)
	}
	return nil
}

// failures is the error of a run: the reasons of all its notebooks, in their order.
func failures(results []result) error {
	var reasons []string
	for _, res := range results {
		if res.err != nil {
			reasons = append(reasons, res.err.Error())
		}
	}
	return errors.New(strings.Join(reasons, "\n\n"))
}

// counted is a number of things: "1 cell", "2 cells".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"convbook/kernel/internal/execute"
)

// result is what came of one notebook.
type result struct {
	source source
	cells  int
	took   time.Duration
	files  []string
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
	fmt.Fprintf(&b, "%s, cell [%d]:\n", s.path, cell.Number)
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
		switch {
		case errors.Is(res.err, context.Canceled):
			state = "stopped"
		case res.err != nil:
			state = "FAILED"
		}
		fmt.Printf("%-28s %-7s %8s  %6.1f s\n", res.source.name, state, counted(res.cells, "cell"), res.took.Seconds())
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

// counted is a number of things: "1 cell", "2 cells".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

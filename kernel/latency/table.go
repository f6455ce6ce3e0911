package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// The steps, in the words of the table.
const (
	firstAnswer   = "start to the first answer"
	trivialCell   = "an edited cell that prints a number"
	plotCell      = "an edited cell that draws a figure"
	wholeNotebook = "start and a whole notebook of seven cells"
	coldCells     = "the first two cells from empty caches"
)

var steps = []string{firstAnswer, trivialCell, plotCell, wholeNotebook, coldCells}

// table holds what was measured, by step and kernel.
type table struct {
	kernels []string
	times   map[string]map[string][]time.Duration
}

func newTable(list []program) *table {
	t := &table{times: map[string]map[string][]time.Duration{}}
	for _, p := range list {
		t.kernels = append(t.kernels, p.name)
	}
	return t
}

func (t *table) add(step string, p program, took time.Duration) {
	if t.times[step] == nil {
		t.times[step] = map[string][]time.Duration{}
	}
	t.times[step][p.name] = append(t.times[step][p.name], took)
}

// median is the middle one of several times, 0 of none.
func median(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// print writes a row for each step that was measured, with the median, and the
// least and the most where there are several.
func (t *table) print(w io.Writer, markdown bool) {
	rows := [][]string{append([]string{"step"}, t.kernels...)}
	for _, step := range steps {
		if t.times[step] == nil {
			continue
		}
		row := []string{step}
		for _, kernel := range t.kernels {
			row = append(row, spread(t.times[step][kernel]))
		}
		rows = append(rows, row)
	}
	writeRows(w, rows, markdown, 42)
}

// writeRows writes a table, the first column of a width.
func writeRows(w io.Writer, rows [][]string, markdown bool, width int) {
	if markdown {
		for i, row := range rows {
			fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
			if i == 0 {
				fmt.Fprintln(w, strings.Repeat("|---", len(row))+"|")
			}
		}
		return
	}
	for _, row := range rows {
		fmt.Fprintf(w, "%-*s", width, row[0])
		for _, text := range row[1:] {
			fmt.Fprintf(w, "  %-24s", text)
		}
		fmt.Fprintln(w)
	}
}

func spread(times []time.Duration) string {
	switch len(times) {
	case 0:
		return "–"
	case 1:
		return fmt.Sprintf("%.2f s", times[0].Seconds())
	}
	return fmt.Sprintf("%.2f s (%.2f to %.2f)", median(times).Seconds(), slices.Min(times).Seconds(), slices.Max(times).Seconds())
}

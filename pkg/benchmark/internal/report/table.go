// Package report holds what the benchmark measured and shows it: as text, as the
// README's Markdown tables, as JSON.
package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Table is a table of text. Its first column is aligned left, the others right.
type Table struct {
	Title  string
	Header []string
	Rows   [][]string
	Notes  []string
}

// Text returns the table for a terminal.
func (t Table) Text() string {
	width := make([]int, len(t.Header))
	for _, row := range append([][]string{t.Header}, t.Rows...) {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	line := func(row []string) {
		var cells []string
		for i, cell := range row {
			space := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				cells = append(cells, cell+space)
			} else {
				cells = append(cells, space+cell)
			}
		}
		b.WriteString(strings.TrimRight(strings.Join(cells, "  "), " ") + "\n")
	}
	b.WriteString(t.Title + "\n\n")
	line(t.Header)
	total := 2 * (len(width) - 1)
	for _, w := range width {
		total += w
	}
	b.WriteString(strings.Repeat("-", total) + "\n")
	for _, row := range t.Rows {
		line(row)
	}
	for _, note := range t.Notes {
		b.WriteString("\n" + note)
	}
	if len(t.Notes) > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// Markdown returns the table for the README.
func (t Table) Markdown() string {
	var b strings.Builder
	line := func(row []string) {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = strings.ReplaceAll(strings.ReplaceAll(cell, "|", `\|`), "  ", "&emsp;")
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	fmt.Fprintf(&b, "%s\n\n", t.Title)
	line(t.Header)
	b.WriteString("|---" + strings.Repeat("|---:", len(t.Header)-1) + "|\n")
	for _, row := range t.Rows {
		line(row)
	}
	for _, note := range t.Notes {
		b.WriteString("\n" + note + "\n")
	}
	return b.String()
}

package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"convbook/kernel/internal/notebook"
)

// narrator tells how a run goes: a line for each cell, with its time, and under
// it what the cell prints.
type narrator struct {
	w         io.Writer
	cells     int
	lineBegun bool
	textBegun bool
}

func (n *narrator) CellBegins(number, of int, cell *notebook.Cell) {
	n.cells++
	n.lineBegun, n.textBegun = false, false
	fmt.Fprintf(n.w, "  [%d/%d] %-56s", number, of, headline(cell.Source))
}

// headline is the first line of a cell that says something.
func headline(source string) string {
	inImports := false
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "import ("):
			inImports = true
		case inImports:
			inImports = line != ")"
		case line != "" && line != "%%" && !strings.HasPrefix(line, "import "):
			if letters := []rune(line); len(letters) > 54 {
				return string(letters[:53]) + "…"
			}
			return line
		}
	}
	return "imports"
}

func (n *narrator) Text(text string) {
	if !n.textBegun {
		fmt.Fprintln(n.w)
		n.textBegun = true
	}
	for line := range strings.Lines(text) {
		if !n.lineBegun {
			fmt.Fprint(n.w, "      │ ")
		}
		fmt.Fprint(n.w, line)
		n.lineBegun = !strings.HasSuffix(line, "\n")
	}
}

func (n *narrator) CellEnds(took time.Duration, err error) {
	state := ""
	if err != nil {
		state = "  FAILED"
	}
	if n.textBegun {
		if n.lineBegun {
			fmt.Fprintln(n.w)
		}
		fmt.Fprintf(n.w, "      └ %.2f s%s\n", took.Seconds(), state)
		return
	}
	fmt.Fprintf(n.w, " %7.2f s%s\n", took.Seconds(), state)
}

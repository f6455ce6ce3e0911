package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/terminal"
)

// narrator tells how a run goes: a line for each cell, with its time, and under
// it what the cell prints.
type narrator struct {
	w         io.Writer
	plain     bool // letters only, and no line before it is whole
	cells     int
	rest      string // plain: of a line that has not ended
	lineBegun bool
	textBegun bool
}

func (n *narrator) CellBegins(number, of int, cell *notebook.Cell) {
	n.cells++
	n.lineBegun, n.textBegun = false, false
	if n.plain {
		fmt.Fprintf(n.w, "  [%d/%d] %s\n", number, of, headline(cell.Source))
		n.textBegun = true
		return
	}
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
	if n.plain {
		end := strings.LastIndexByte(n.rest+text, '\n') + 1
		whole := (n.rest + text)[:end]
		n.rest = (n.rest + text)[end:]
		n.lines(whole)
		return
	}
	if !n.textBegun {
		fmt.Fprintln(n.w)
		n.textBegun = true
	}
	for line := range strings.Lines(text) {
		if !n.lineBegun {
			fmt.Fprint(n.w, n.mark("│"))
		}
		fmt.Fprint(n.w, line)
		n.lineBegun = !strings.HasSuffix(line, "\n")
	}
}

// lines writes whole lines as they stay on a terminal.
func (n *narrator) lines(text string) {
	for line := range strings.Lines(terminal.Plain(text)) {
		fmt.Fprintf(n.w, "%s%s\n", n.mark(""), strings.TrimRight(line, "\n"))
	}
}

// mark is what stands before a line of a cell's text.
func (n *narrator) mark(sign string) string {
	if n.plain {
		sign = " "
	}
	return "      " + sign + " "
}

func (n *narrator) CellEnds(took time.Duration, err error) {
	state := ""
	switch {
	case errors.Is(err, context.Canceled):
		state = "  stopped"
	case err != nil:
		state = "  FAILED"
	}
	n.lines(n.rest)
	n.rest = ""
	if n.textBegun {
		if n.lineBegun {
			fmt.Fprintln(n.w)
		}
		fmt.Fprintf(n.w, "%s%.2f s%s\n", n.mark("└"), took.Seconds(), state)
		return
	}
	fmt.Fprintf(n.w, " %7.2f s%s\n", took.Seconds(), state)
}

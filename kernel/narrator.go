package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/terminal"
)

// narrator tells how a run goes: a line for each cell, with its time, and under
// it what the cell prints.
type narrator struct {
	w     io.Writer
	plain bool // letters only, and no line before it is whole
	moves bool // the seconds of a cell that prints nothing are counted in its line

	mu        sync.Mutex
	cells     int
	head      string        // of the cell's line
	ended     chan struct{} // closed to end the counting; nil while nothing is counted
	rest      string        // plain: of a line that has not ended
	lineBegun bool
	textBegun bool
}

func (n *narrator) CellBegins(number, of int, cell *notebook.Cell) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cells++
	n.lineBegun, n.textBegun = false, false
	if n.plain {
		fmt.Fprintf(n.w, "  [%d/%d] %s\n", number, of, headline(cell.Source))
		n.textBegun = true
		return
	}
	n.head = fmt.Sprintf("  [%d/%d] %-56s", number, of, headline(cell.Source))
	fmt.Fprint(n.w, n.head)
	if n.moves && !strings.ContainsFunc(n.head, isWide) {
		n.ended = make(chan struct{})
		go n.count(n.ended)
	}
}

// count counts the seconds of a cell until it prints something or ends.
func (n *narrator) count(ended chan struct{}) {
	for began := time.Now(); ; {
		select {
		case <-ended:
			return
		case <-time.After(time.Second):
		}
		n.mu.Lock()
		if n.ended == ended && !n.textBegun {
			fmt.Fprintf(n.w, "\r%s %4.0f s", n.head, time.Since(began).Seconds())
		}
		n.mu.Unlock()
	}
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
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.plain {
		end := strings.LastIndexByte(n.rest+text, '\n') + 1
		whole := (n.rest + text)[:end]
		n.rest = (n.rest + text)[end:]
		n.lines(whole)
		return
	}
	if !n.textBegun {
		fmt.Fprintln(n.w, n.again("       "))
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

func (n *narrator) stopCounting() {
	if n.ended != nil {
		close(n.ended)
		n.ended = nil
	}
}

// isWide says whether a letter takes two columns: a line of such is too long to be
// written over.
func isWide(r rune) bool {
	return unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// again begins the cell's line anew where seconds were counted in it; over stands where
// they stood.
func (n *narrator) again(over string) string {
	if n.ended == nil {
		return strings.TrimRight(over, " ")
	}
	return "\r" + n.head + over
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
	n.mu.Lock()
	defer n.mu.Unlock()
	defer n.stopCounting()
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
	fmt.Fprintln(n.w, n.again(fmt.Sprintf(" %7.2f s%s", took.Seconds(), state)))
}

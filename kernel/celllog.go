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

// cellLog tells how a run goes: a line for each cell, with its time, and under
// it what the cell prints.
type cellLog struct {
	w     io.Writer
	plain bool // letters only, and no line before it is whole
	moves bool // the seconds of a cell that prints nothing are counted in its line

	mu        sync.Mutex
	cells     int
	head      string        // of the cell's line
	ended     chan struct{} // closed to end the counting; nil while nothing is counted
	rest      []byte        // plain: of a line that has not ended
	text      terminal.Colours
	textBegun bool
}

func (l *cellLog) CellBegins(number, of int, cell *notebook.Cell) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cells++
	l.textBegun = false
	if l.plain {
		fmt.Fprintf(l.w, "  [%d/%d] %s\n", number, of, headline(cell.Source))
		l.textBegun = true
		return
	}
	l.head = fmt.Sprintf("  [%d/%d] %-56s", number, of, headline(cell.Source))
	fmt.Fprint(l.w, l.head)
	if l.moves && !strings.ContainsFunc(l.head, isWide) {
		l.ended = make(chan struct{})
		go l.count(l.ended)
	}
}

// count counts the seconds of a cell until it prints something or ends.
func (l *cellLog) count(ended chan struct{}) {
	for began := time.Now(); ; {
		select {
		case <-ended:
			return
		case <-time.After(time.Second):
		}
		l.mu.Lock()
		if l.ended == ended && !l.textBegun {
			fmt.Fprintf(l.w, "\r%s %4.0f s", l.head, time.Since(began).Seconds())
		}
		l.mu.Unlock()
	}
}

// headline is the first line of a cell that says something.
func headline(source string) string {
	inImports := false
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "import ("):
			inImports = !strings.Contains(line, ")")
		case inImports:
			inImports = line != ")"
		case line != "" && line != "%%" && !strings.HasPrefix(line, "import "):
			line = terminal.Line(line)
			if letters := []rune(line); len(letters) > 54 {
				return string(letters[:51]) + "..."
			}
			return line
		}
	}
	return "imports"
}

func (l *cellLog) Text(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.plain {
		end := strings.LastIndexByte(text, '\n') + 1
		if end == 0 && len(l.rest)+len(text) > longestLine {
			end = len(text)
		}
		if end > 0 {
			l.lines(string(l.rest) + text[:end])
			l.rest = l.rest[:0]
		}
		l.rest = append(l.rest, text[end:]...)
		return
	}
	if !l.textBegun {
		fmt.Fprintln(l.w, l.again("       "))
		l.textBegun = true
		l.text = terminal.Colours{W: l.w, Mark: l.mark("│")}
	}
	l.text.Text(text)
}

func (l *cellLog) stopCounting() {
	if l.ended != nil {
		close(l.ended)
		l.ended = nil
	}
}

// isWide says whether a letter takes two columns: a line of such is too long to be
// written over.
func isWide(r rune) bool {
	return unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// again begins the cell's line anew where seconds were counted in it; over stands where
// they stood.
func (l *cellLog) again(over string) string {
	if l.ended == nil {
		return strings.TrimRight(over, " ")
	}
	return "\r" + l.head + over
}

// lines writes whole lines as they stay on a terminal.
func (l *cellLog) lines(text string) {
	for line := range strings.Lines(terminal.Plain(text)) {
		fmt.Fprintf(l.w, "%s%s\n", l.mark(""), strings.TrimRight(line, "\n"))
	}
}

// mark is what stands before a line of a cell's text.
func (l *cellLog) mark(sign string) string {
	if l.plain {
		sign = " "
	}
	return "      " + sign + " "
}

func (l *cellLog) CellEnds(took time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.stopCounting()
	state := ""
	switch {
	case errors.Is(err, context.Canceled):
		state = "  stopped"
	case err != nil:
		state = "  FAILED"
	}
	l.lines(string(l.rest))
	l.rest = nil
	if l.textBegun {
		if !l.plain {
			l.text.End()
		}
		fmt.Fprintf(l.w, "%s%.2f s%s\n", l.mark("└"), took.Seconds(), state)
		return
	}
	fmt.Fprintln(l.w, l.again(fmt.Sprintf(" %7.2f s%s", took.Seconds(), state)))
}

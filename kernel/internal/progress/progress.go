// Package progress tells how a step goes that may take longer than a second: on a
// terminal in one line that moves, elsewhere in a line now and then.
package progress

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"convbook/kernel/internal/terminal"
)

// Step is a step while it goes on.
type Step struct {
	mu    sync.Mutex
	state func() string
	found string
}

// Watch sets what says how far the step is. It is asked until it is set anew or the
// step ends.
func (s *Step) Watch(state func() string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = state
}

// Say sets how far the step is.
func (s *Step) Say(state string) { s.Watch(func() string { return state }) }

// Found sets what is said at the end of the step instead of the time that it took.
func (s *Step) Found(what string) { s.found = what }

func (s *Step) now() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == nil {
		return ""
	}
	return s.state()
}

// Of tells how many of some things are done: "12 of 30 modules", and while their
// number is not known "12 modules".
func Of(done, all int64, things string) string {
	if all < done || all == 0 {
		return fmt.Sprintf("%d %s", done, things)
	}
	return fmt.Sprintf("%d of %d %s", done, all, things)
}

const (
	blink = 200 * time.Millisecond // between two looks on a terminal
	pause = 10 * time.Second       // between two lines of a log, after the first second's
)

// Run does a step, called what, and tells log how it goes and how long it took.
func Run(log io.Writer, what string, f func(*Step) error) error {
	s := new(Step)
	l := line{w: log, what: what, moves: terminal.Moves(log), began: time.Now()}
	if l.moves {
		l.show(s)
	}
	ended := make(chan error, 1)
	go func() { ended <- f(s) }()
	next := time.After(time.Second)
	if l.moves {
		next = time.After(blink)
	}
	for {
		select {
		case err := <-ended:
			l.end(s, err)
			return err
		case <-next:
			l.show(s)
			next = time.After(pause)
			if l.moves {
				next = time.After(blink)
			}
		}
	}
}

// While shows a text on a terminal while f runs, and takes it away again.
func While(log io.Writer, text string, f func()) {
	if !terminal.Moves(log) {
		f()
		return
	}
	fmt.Fprint(log, text)
	f()
	fmt.Fprint(log, "\r", strings.Repeat(" ", len([]rune(text))), "\r")
}

// line is what is said of one step.
type line struct {
	w     io.Writer
	what  string
	moves bool // written over and over
	began time.Time
	shown int // letters that stand in the line
}

// show tells how far the step is.
func (l *line) show(s *Step) {
	text := fmt.Sprintf("%-14s", l.what)
	if took := time.Since(l.began); took >= time.Second {
		if state := s.now(); state != "" {
			text += " " + terminal.Line(state) + ","
		}
		text += fmt.Sprintf(" %.0f s", took.Seconds())
	}
	l.write(text)
}

// end tells that the step is done, and what came of it or what it took.
func (l *line) end(s *Step, err error) {
	text := fmt.Sprintf("%-14s ", l.what)
	switch {
	case err != nil:
		text += fmt.Sprintf("failed %5.1f s", time.Since(l.began).Seconds())
	case s.found != "":
		text += terminal.Line(s.found)
	default:
		text += fmt.Sprintf("ready  %5.1f s", time.Since(l.began).Seconds())
	}
	l.write(text)
	if l.moves {
		fmt.Fprintln(l.w)
	}
}

func (l *line) write(text string) {
	if !l.moves {
		fmt.Fprintln(l.w, text)
		return
	}
	letters := len([]rune(text))
	fmt.Fprint(l.w, "\r", text, strings.Repeat(" ", max(0, l.shown-letters)))
	l.shown = letters
}

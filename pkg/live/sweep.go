package live

import (
	"fmt"
	"io"
	"os"

	"convbook/pkg/display"
	"convbook/pkg/internal/bilingual"
	"convbook/pkg/sweep"

	"github.com/mattn/go-isatty"
)

// Sweep returns what shows a sweep while it goes on, for sweep.Sweep.Progress: in a
// notebook a progress bar with the time left and the best accuracy so far, which
// ends as a line of results; in a terminal a line drawn over and over, and where the
// output is no terminal a line every ten seconds, on the standard error. It serves
// one sweep.
func Sweep() func(sweep.Progress) {
	switch {
	case display.InNotebook():
		return sweepInNotebook(display.NewSlot())
	case isatty.IsTerminal(os.Stderr.Fd()) || isatty.IsCygwinTerminal(os.Stderr.Fd()):
		return sweepInTerminal(os.Stderr)
	}
	return sweepInLog(os.Stderr)
}

func sweepInNotebook(slot *display.Slot) func(sweep.Progress) {
	return func(p sweep.Progress) {
		line := bilingual.Text{English: p.String(), Korean: p.Korean()}
		if p.Done < p.Trials {
			slot.Set(barHTML(p.Share, line, ""), lines(line))
			return
		}
		slot.Set(lineHTML(line), lines(line))
		display.Settle()
	}
}

func sweepInTerminal(out io.Writer) func(sweep.Progress) {
	width := 0
	return func(p sweep.Progress) {
		line := p.String()
		if p.Done < p.Trials {
			fmt.Fprintf(out, "%-*s\r", width, line)
		} else {
			fmt.Fprintf(out, "%-*s\n%s\n", width, line, p.Korean())
		}
		width = max(width, len(line))
	}
}

func sweepInLog(out io.Writer) func(sweep.Progress) {
	lines := pace{pause: linePause}
	lines.due()
	return func(p sweep.Progress) {
		switch {
		case p.Done == p.Trials:
			fmt.Fprintf(out, "%s\n%s\n", p, p.Korean())
		case lines.due():
			fmt.Fprintln(out, p)
		}
	}
}

package display

import (
	"fmt"
	"html"
	"io"
	"os"

	"convbook/pkg/sweep"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/mattn/go-isatty"
)

// Sweep returns what shows a sweep while it goes on, for sweep.Sweep.Progress: in a
// notebook a progress bar with the time left and the best accuracy so far, which
// ends as a line of results; in a terminal a line drawn over and over, and where the
// output is no terminal a line every ten seconds, on the standard error. It serves
// one sweep.
func Sweep() func(sweep.Progress) {
	switch {
	case inNotebook():
		return sweepInNotebook("sweep_" + gonbui.UniqueId())
	case isatty.IsTerminal(os.Stderr.Fd()) || isatty.IsCygwinTerminal(os.Stderr.Fd()):
		return sweepInTerminal(os.Stderr)
	}
	return sweepInLog(os.Stderr)
}

func sweepInNotebook(id string) func(sweep.Progress) {
	return func(p sweep.Progress) {
		line := p.String()
		if p.Done < p.Trials {
			send(id, page(barHTML(p.Share, line, ""), line+"\n"))
			return
		}
		send(id, page(`<div style="margin:0.3em 0">`+html.EscapeString(line)+`</div>`, line+"\n"))
		settle()
	}
}

func sweepInTerminal(out io.Writer) func(sweep.Progress) {
	width := 0
	return func(p sweep.Progress) {
		line := p.String()
		if p.Done < p.Trials {
			fmt.Fprintf(out, "%-*s\r", width, line)
		} else {
			fmt.Fprintf(out, "%-*s\n", width, line)
		}
		width = max(width, len(line))
	}
}

func sweepInLog(out io.Writer) func(sweep.Progress) {
	lines := pace{pause: linePause}
	lines.due()
	return func(p sweep.Progress) {
		if p.Done == p.Trials || lines.due() {
			fmt.Fprintln(out, p)
		}
	}
}

package live

import (
	"fmt"
	"html"
	"math"
	"os"
	"time"

	"convbook/pkg/display"
	"convbook/pkg/figure"
	"convbook/pkg/internal/bilingual"
	"convbook/pkg/trainer"

	"github.com/mattn/go-isatty"
)

// The times between two updates: of a view in a notebook or a terminal, and of the
// lines in a log file.
const (
	viewPause = 250 * time.Millisecond
	linePause = 10 * time.Second
)

// Training returns a callback that shows a training run while it goes on: in a
// notebook a progress bar, the loss, the time left and the accuracy curve growing,
// which end as a static figure with a line of final results; in a terminal a
// progress bar, and where the output is no terminal a line every ten seconds, on
// the standard error. The options go to figure.Accuracy: a title, recorded runs.
// The title says by itself when the data is the stand-in. A callback serves one
// run.
func Training(opts ...figure.Option) trainer.Callback {
	if display.InNotebook() {
		return &liveView{slot: display.NewSlot(), draw: func(e trainer.Event) *figure.Figure {
			if e.History == nil || len(e.History.Epochs) == 0 {
				return nil
			}
			return figure.Accuracy(e.History, append([]figure.Option{figure.Epochs(e.Epochs)}, opts...)...)
		}}
	}
	return inLines()
}

// inLines follows a training outside a notebook.
func inLines() trainer.Callback {
	if fd := os.Stderr.Fd(); isatty.IsTerminal(fd) || isatty.IsCygwinTerminal(fd) {
		return &progressBar{out: os.Stderr}
	}
	return &progressLines{out: os.Stderr}
}

// pace lets something through once in a while.
type pace struct {
	pause time.Duration
	last  time.Time
}

func (p *pace) due() bool {
	now := time.Now()
	if now.Sub(p.last) < p.pause {
		return false
	}
	p.last = now
	return true
}

// liveView is the view in a notebook: one output that is replaced as training goes
// on.
type liveView struct {
	slot   *display.Slot
	draw   func(e trainer.Event) *figure.Figure // nil before there is anything to draw
	byStep bool                                 // it changes with every step, not with the epochs alone
	curve  string                               // its SVG so far
	shown  bool                                 // has the curve been shown
	pace   pace
}

func (v *liveView) TrainBegin(e trainer.Event) {
	v.pace.pause = viewPause
	v.pace.due()
	v.slot.MarkStandIn(e.History.OnStandIn())
	v.show(e)
}

func (v *liveView) StepEnd(e trainer.Event) error {
	if !v.pace.due() {
		return nil
	}
	var err error
	if v.byStep {
		err = v.drawCurve(e)
	}
	v.show(e)
	return err
}

// LooksOn lets a training on a device run ahead of the view.
func (v *liveView) LooksOn() {}

func (v *liveView) EpochEnd(e trainer.Event) error { return v.drawCurve(e) }

func (v *liveView) drawCurve(e trainer.Event) error {
	f := v.draw(e)
	if f == nil {
		return nil
	}
	svg, err := f.SVG()
	if err != nil {
		return fmt.Errorf("display: the curve: %w", err)
	}
	v.curve = string(svg)
	return nil
}

func (v *liveView) TrainEnd(e trainer.Event, err error) {
	line := finalLine(e, err)
	var curve display.HTML
	if f := v.draw(e); f != nil {
		curve = display.Picture(f) + "\n"
	}
	v.slot.Set(curve+lineHTML(line), lines(line))
	display.Settle()
}

// show replaces the output by the state of training. The curve stands in it as an
// svg element, which a browser exchanges without flicker.
func (v *liveView) show(e trainer.Event) {
	state, above := progress(e), v.curve
	if above != "" && !v.shown {
		v.shown = true
		above += intoView
	}
	v.slot.Set(barHTML(share(e), state, above), lines(state))
}

// intoView scrolls a curve into view in JupyterLab, when it is shown for the first time and its cell has been run by itself: then
// the next cell is the active one, and JupyterLab has put it into the middle. It is not in what remains.
const intoView = `<script>{const s=document.currentScript;requestAnimationFrame(()=>{const c=s?.closest(".jp-Cell");` +
	`if(c?.nextElementSibling?.matches(".jp-mod-active"))c.querySelector(".jp-OutputArea").scrollIntoView({block:"nearest"})})}</script>`

// barHTML is a progress bar with a line under it, and what stands above: JupyterLab has
// the next cell in view, so that the end of an output is seen first. The languages stand
// beside each other, so that the curve stays in view.
func barHTML(share float64, line bilingual.Text, above string) display.HTML {
	return display.HTML(fmt.Sprintf(
		`<div>%s<div style="max-width:600px;height:6px;border-radius:3px;overflow:hidden;background:rgba(127,127,127,0.25)">`+
			`<div style="height:6px;width:%.1f%%;background:#0072b2"></div></div>`+
			`<div style="display:flex;flex-wrap:wrap;gap:0 1.5em;margin:0.3em 0;font-size:0.9em;font-variant-numeric:tabular-nums">%s</div></div>`,
		above, 100*share, languages(line)))
}

func lineHTML(line bilingual.Text) display.HTML {
	return display.HTML(`<div style="margin:0.3em 0">` + languages(line) + `</div>`)
}

// languages is a line with its translation below, each under its language: a page shows one
// of them, or both.
func languages(line bilingual.Text) string {
	return `<div lang="en">` + html.EscapeString(line.English) + `</div><div lang="ko">` + html.EscapeString(line.Korean) + `</div>`
}

// lines is a line and its translation as plain text.
func lines(line bilingual.Text) string { return line.English + "\n" + line.Korean + "\n" }

// share is how much of the steps is done, from 0 to 1.
func share(e trainer.Event) float64 {
	if e.Steps <= 0 {
		return 0
	}
	return math.Min(1, math.Max(0, float64(e.Step)/float64(e.Steps)))
}

// timeLeft supposes that the remaining steps take as long as those so far.
func timeLeft(e trainer.Event) (left time.Duration, known bool) {
	if e.Step <= 0 || e.Steps < e.Step {
		return 0, false
	}
	return time.Duration(float64(e.Elapsed) * float64(e.Steps-e.Step) / float64(e.Step)), true
}

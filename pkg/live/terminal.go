package live

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"convbook/pkg/trainer"
)

// A progress bar with the text around it is at most lineWidth columns wide, the
// length of the trainer's shortest line for an epoch.
const (
	barWidth  = 12
	lineWidth = 44
)

// progressBar is the view in a terminal: one line that is drawn over and over. The
// cursor waits at its start, so that a line of the trainer's log covers the bar.
type progressBar struct {
	trainer.Base
	out  io.Writer
	pace pace
}

func (b *progressBar) TrainBegin(e trainer.Event) {
	b.pace.pause = viewPause
	b.pace.due()
	b.draw(e)
}

func (b *progressBar) StepEnd(e trainer.Event) error {
	switch {
	case e.Step == e.Steps:
		b.clear()
	case b.pace.due():
		b.draw(e)
	}
	return nil
}

// LooksOn lets a training on a device run ahead of the bar.
func (b *progressBar) LooksOn() {}

func (b *progressBar) TrainEnd(e trainer.Event, err error) {
	b.clear()
	fmt.Fprint(b.out, lines(finalLine(e, err)))
}

func (b *progressBar) draw(e trainer.Event) {
	fmt.Fprintf(b.out, "%-*s\r", lineWidth, barText(e))
}

func (b *progressBar) clear() {
	fmt.Fprintf(b.out, "%*s\r", lineWidth, "")
}

func barText(e trainer.Event) string {
	full := int(share(e) * barWidth)
	text := fmt.Sprintf("epoch %d/%d %s%s %3.0f%%", e.Epoch, e.Epochs,
		strings.Repeat("█", full), strings.Repeat("░", barWidth-full), 100*share(e))
	if left, known := timeLeft(e); known {
		for _, wait := range []string{" " + duration(left) + " left", " " + duration(left)} {
			if utf8.RuneCountInString(text+wait) <= lineWidth {
				return text + wait
			}
		}
	}
	return text
}

// progressLines is the view in a log file: a line now and then.
type progressLines struct {
	trainer.Base
	out  io.Writer
	pace pace
}

func (l *progressLines) TrainBegin(trainer.Event) {
	l.pace.pause = linePause
	l.pace.due()
}

func (l *progressLines) StepEnd(e trainer.Event) error {
	if l.pace.due() {
		fmt.Fprintln(l.out, "training: "+strings.ReplaceAll(progress(e).English, " · ", ", "))
	}
	return nil
}

// LooksOn lets a training on a device run ahead of the lines.
func (l *progressLines) LooksOn() {}

func (l *progressLines) TrainEnd(e trainer.Event, err error) {
	fmt.Fprint(l.out, "training: "+lines(finalLine(e, err)))
}

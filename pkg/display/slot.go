package display

import (
	"convbook/pkg/figure"

	"github.com/janpfeifer/gonb/gonbui"
)

// Slot is one output of a notebook that changes while the program runs.
type Slot struct{ id string }

// NewSlot returns an output, empty until something is set.
func NewSlot() *Slot { return &Slot{id: "slot_" + gonbui.UniqueId()} }

// Set replaces what stands in the output. The text is for front ends that show no
// HTML. It does not wait: call Settle after the last Set. Outside a notebook it does
// nothing.
func (s *Slot) Set(html HTML, text string) {
	if InNotebook() {
		send(s.id, page(string(html), text))
	}
}

// Picture returns the HTML that Show makes of a figure.
func Picture(f *figure.Figure) HTML { return HTML(figureHTML(f)) }

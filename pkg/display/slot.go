package display

import (
	"fmt"
	"math/rand/v2"

	"convbook/pkg/figure"
	"convbook/pkg/internal/pipe"
)

// Slot is one output of a notebook that changes while the program runs.
type Slot struct {
	id      string
	standIn bool
}

// NewSlot returns an output, empty until something is set.
func NewSlot() *Slot { return &Slot{id: fmt.Sprintf("slot_%016x", rand.Uint64())} }

// Set replaces what stands in the output. The text is for front ends that show no
// HTML. It does not wait: call Settle after the last Set. Outside a notebook it does
// nothing.
func (s *Slot) Set(html HTML, text string) {
	if InNotebook() {
		send(pipe.Output{ID: s.id, Data: page(string(html), text), StandIn: s.standIn})
	}
}

// MarkStandIn marks the output, from the next Set on, as made of a stand-in for the
// data.
func (s *Slot) MarkStandIn(standIn bool) { s.standIn = standIn }

// Picture returns the HTML that Show makes of a figure.
func Picture(f *figure.Figure) HTML { return HTML(figureHTML(f) + telling) }

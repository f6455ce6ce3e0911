package figure

import (
	"math"
	"slices"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/vg"
)

// rowNames are the ticks of an axis of rows, the first at 0 and the others below.
type rowNames struct {
	names []string
	form  form
}

// texts are the names of the rows, all in English only where one has no room for both languages.
func (n rowNames) texts() []string {
	style, room, in := textStyle(tickSize, softInk), vg.Length(190), n.form
	if in.narrow {
		room = 130
	}
	for _, name := range n.names {
		if style.Width(bounded(in.text(bilingual.Of(name)))) > room {
			in.english = true
		}
	}
	texts := make([]string, len(n.names))
	for i, name := range n.names {
		texts[i] = shortened(style, in.text(bilingual.Of(name)), room)
	}
	return texts
}

func (n rowNames) ticks(low, high float64) (ticks []tick) {
	for i, text := range n.texts() {
		ticks = append(ticks, tick{-float64(i), text})
	}
	slices.Reverse(ticks)
	return slices.DeleteFunc(ticks, func(t tick) bool { return math.Abs(t.value-(low+high)/2) > (high-low)/2 })
}

//go:build unix

package live

import (
	"strings"
	"testing"
	"time"

	"convbook/pkg/display"
	"convbook/pkg/figure"
	"convbook/pkg/internal/celltest"
	"convbook/pkg/trainer"
)

// The curve of the losses grows with the steps, over the recorded ones, and what remains
// is a figure of all of them.
func TestLosses(t *testing.T) {
	recorded := []float64{2.3, 2.2, 2.1, 2.0, 1.9, 1.8}
	h := &trainer.History{Dataset: "fashion", StandIn: true}
	if f := Losses("NumPy", recorded); f == nil {
		t.Error("outside a notebook there is no callback")
	}
	displays := celltest.InCell(t, func() {
		c := Losses("NumPy", recorded, figure.Title("Two programs"))
		e := trainer.Event{Epoch: 1, Epochs: 1, Steps: len(recorded), History: h}
		c.TrainBegin(e)
		for i, loss := range recorded {
			h.Loss = append(h.Loss, loss)
			e.Step, e.Loss, e.Elapsed = i+1, loss, time.Duration(i+1)*40*time.Millisecond
			c.(*liveView).pace.last = time.Now().Add(-time.Hour)
			if err := c.StepEnd(e); err != nil {
				t.Error(err)
			}
			display.Settle()
		}
		c.TrainEnd(e, nil)
	})
	if len(displays) < len(recorded) {
		t.Fatalf("%d updates for %d steps", len(displays), len(recorded))
	}
	before := 0
	for _, d := range displays[1 : len(displays)-1] {
		html := celltest.HTML(t, d, intoView)
		if marks := strings.Count(html, "<circle"); !strings.Contains(html, "<svg ") || marks < before {
			t.Errorf("after %d marks there are %d: %s", before, marks, html)
		} else {
			before = marks
		}
	}
	last := celltest.HTML(t, displays[len(displays)-1])
	for _, want := range []string{`alt="Two programs, on drawn stand-in images`, "NumPy", "Go", "6 steps in 0.2 s", "data:image/svg+xml;base64,"} {
		if !strings.Contains(last, want) {
			t.Errorf("what remains lacks %q: %s", want, last)
		}
	}
	if mark, _ := displays[0].Metadata["convbook"].(map[string]any); mark["stand_in"] != true {
		t.Errorf("a run on the stand-in is not marked: %v", displays[0].Metadata)
	}
}

package live

import (
	"convbook/pkg/display"
	"convbook/pkg/figure"
	"convbook/pkg/trainer"
)

// Losses returns a callback that shows a training run as Training does, with the loss of
// each step in place of the accuracies, over those that somebody else recorded, in their
// order. Name is what they are called in the legend.
func Losses(name string, recorded []float64, opts ...figure.Option) trainer.Callback {
	if !display.InNotebook() {
		return inLines()
	}
	return &liveView{slot: display.NewSlot(), byStep: true, draw: func(e trainer.Event) *figure.Figure {
		// The recorded ones on top: dashes leave both to be seen where they are the same.
		series := []figure.Series{{Name: "Go", Y: e.History.Loss, Points: true}, {Name: name, Y: recorded, Dashed: true}}
		return figure.Curves(series, append([]figure.Option{figure.XLabel("step"), figure.YLabel("loss"),
			figure.StandIn(e.History.OnStandIn())}, opts...)...)
	}}
}

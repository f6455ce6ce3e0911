package figure

import (
	"fmt"
	"math"

	"convbook/pkg/internal/bilingual"
	"convbook/pkg/ndarray"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// histogramBins is how many bars a histogram has.
const histogramBins = 40

// Histograms draws how the values of arrays are spread, one panel each, three in a
// row: the activations or gradients of the layers of a network. Under each name
// stand the mean and the standard deviation of its values. A panel reaches from
// its lowest to its highest value; ValueRange gives all the same range and leaves
// out what lies beyond. The bars of each panel fill its height. It panics unless
// there are as many names as arrays.
func Histograms[T ndarray.Float](names []string, arrays []*ndarray.Array[T], opts ...Option) *Figure {
	if len(names) != len(arrays) {
		panic(fmt.Sprintf("figure.Histograms: %d names for %d arrays", len(names), len(arrays)))
	}
	var o options
	o.apply(opts)
	panels := make([]panel, len(arrays))
	for i, a := range arrays {
		panels[i] = newPanel(names[i], a.Data(), o.valueRange)
	}
	above := o.heading()
	return &Figure{heading: above, shows: panelWords(panels), layout: func(in form) drawing { return layPanels(above, panels, in) }}
}

// layPanels puts panels beside each other, and under each other.
func layPanels(above heading, panels []panel, in form) drawing {
	const gap vg.Length = 10
	columns, panelW := vg.Length(3), vg.Length(214)
	if in.narrow {
		columns, panelW = 2, (in.inner()-gap)/2
	}
	panelH := vg.Length(160) + captionPitch*vg.Length(nameLines(panels, panelW, in)-1)
	across := max(1, min(columns, vg.Length(len(panels))))
	rows := vg.Length((len(panels) + int(columns) - 1) / int(columns))
	width := across*(panelW+gap) - gap
	height := above.height(width, in) + max(rows*(panelH+gap)-gap, 20)
	return in.around(width, height, func(c draw.Canvas) {
		c = above.draw(c, in)
		for i, p := range panels {
			at := vg.Point{X: c.Min.X + vg.Length(i%int(columns))*(panelW+gap), Y: c.Max.Y - vg.Length(i/int(columns))*(panelH+gap)}
			p.draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: at.X, Y: at.Y - panelH}, Max: vg.Point{X: at.X + panelW, Y: at.Y}}}, in)
		}
	})
}

// nameLines is in how many lines the names of panels stand.
func nameLines(panels []panel, width vg.Length, in form) int {
	most := 1
	for _, p := range panels {
		most = max(most, len(in.lines(textStyle(labelSize, ink), p.name, width, 1)))
	}
	return most
}

// moment is a number that stands under the name of a histogram.
type moment struct {
	name  bilingual.Text
	value float64
}

// panel is one histogram.
type panel struct {
	name    bilingual.Text
	moments []moment // none where there are no values
	span    span
	counts  [histogramBins]int
}

func newPanel[T ndarray.Float](name string, values []T, wanted *[2]float64) panel {
	p := panel{name: bilingual.Of(name), span: extent(values)}
	if wanted != nil {
		p.span = span{wanted[0], wanted[1]}
	} else if p.span == (span{0, 1}) && len(values) > 0 && finite(float64(values[0])) {
		// All values may be equal: then they get a bar in the middle.
		if v := float64(values[0]); v < 0 || v > 1 {
			p.span = span{v - math.Abs(v)/2, v + math.Abs(v)/2}
		}
	}
	var n, sum float64
	for _, value := range values {
		v := float64(value)
		if !finite(v) {
			continue
		}
		n++
		sum += v
		if v >= p.span.low && v <= p.span.high {
			p.counts[min(histogramBins-1, int(histogramBins*p.span.share(v)))]++
		}
	}
	if n == 0 {
		return p
	}
	mean, squares := sum/n, 0.0
	for _, value := range values {
		if v := float64(value); finite(v) {
			squares += (v - mean) * (v - mean)
		}
	}
	p.moments = []moment{{bilingual.Of("mean"), mean}, {bilingual.Of("std"), math.Sqrt(squares / n)}}
	return p
}

func (p panel) draw(c draw.Canvas, in form) {
	name := aligned(textStyle(labelSize, ink), draw.XCenter, draw.YTop)
	for _, line := range in.lines(name, p.name, c.Size().X, 1) {
		c.FillText(name, vg.Point{X: c.Center().X, Y: c.Max.Y}, line)
		c.Max.Y -= captionPitch
	}
	c.Max.Y += captionPitch
	small := aligned(textStyle(tickSize, softInk), draw.XCenter, draw.YTop)
	for i, m := range p.moments {
		c.FillText(small, vg.Point{X: c.Center().X, Y: c.Max.Y - 15 - 13*vg.Length(i)}, in.text(m.name)+" "+short(m.value))
	}
	if len(p.moments) == 0 {
		c.FillText(small, vg.Point{X: c.Center().X, Y: c.Max.Y - 15}, in.text(bilingual.Of("no values")))
	}
	axes := newPlane(&options{})
	axes.x = axis{min: p.span.low, max: p.span.high, ticks: fewTicks{}, padding: 1}
	axes.y = axis{min: 0, max: 1}
	axes.add(p)
	// The numbers at the ends reach beyond the axis.
	beyond := vg.Length(12)
	if in.narrow {
		beyond = 6
	}
	axes.draw(draw.Crop(c, beyond, -beyond, 0, -46))
}

// plot draws the bars.
func (p panel) plot(c draw.Canvas, _ *plane) {
	highest := 1
	for _, n := range p.counts {
		highest = max(highest, n)
	}
	c.SetColor(faded(palette[0], 0xCC))
	step := c.Size().X / histogramBins
	for i, n := range p.counts {
		if n == 0 {
			continue
		}
		left := c.Min.X + step*vg.Length(i)
		c.Fill(vg.Rectangle{Min: vg.Point{X: left, Y: c.Min.Y},
			Max: vg.Point{X: left + step*0.88, Y: c.Min.Y + c.Size().Y*vg.Length(n)/vg.Length(highest)}}.Path())
	}
}

// fewTicks is roundTicks with about half as many ticks, for a narrow panel.
type fewTicks struct{}

func (fewTicks) ticks(low, high float64) []tick {
	ticks := roundTicks{}.ticks(low, high)
	for len(ticks) > 4 {
		var half []tick
		for i, t := range ticks {
			if step := ticks[1].value - ticks[0].value; i%2 == int(math.Abs(math.Round(ticks[0].value/step)))%2 {
				half = append(half, t)
			}
		}
		ticks = half
	}
	return ticks
}

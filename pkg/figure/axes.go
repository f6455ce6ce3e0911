package figure

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// newPlot returns an empty plot in the house style. The title is not part of it:
// heading.draw places that.
func newPlot(o *options) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color = axisInk
		axis.Width = 0.8
		axis.Padding = 4
		axis.Label.TextStyle.Handler, axis.Tick.Label.Handler = handler, handler
		axis.Label.TextStyle.Font = textStyle(labelSize, ink).Font
		axis.Label.TextStyle.Color = ink
		axis.Label.Padding = 4
		axis.Tick.Label.Font = textStyle(tickSize, softInk).Font
		axis.Tick.Label.Color = softInk
		axis.Tick.Color = axisInk
		axis.Tick.Width = 0.8
		axis.Tick.Length = 4
		axis.Tick.Marker = roundTicks{}
	}
	p.X.Label.Text, p.Y.Label.Text = o.xLabel, o.yLabel
	if o.logX {
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, decadeTicks{}
	}
	if o.logY {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decadeTicks{}
	}
	p.Add(gridLines{})
	return p
}

// figureOf returns a figure of the size in o that shows the title and the plot.
func figureOf(o *options, p *plot.Plot) *Figure {
	h := o.heading()
	label := aligned(textStyle(labelSize, ink), draw.XCenter, draw.YTop)
	strip := label.FontExtents().Height + 4
	// The library makes room for the label of a logarithmic axis in the wrong place,
	// next to its upper end.
	if o.logX {
		p.X.Label.Text = ""
	}
	if o.logY {
		p.Y.Label.Text = ""
	}
	return &Figure{heading: h, width: o.width, height: o.height, paint: func(c draw.Canvas) {
		c = h.draw(c)
		inner := c
		if o.logX && o.xLabel != "" {
			inner.Min.Y += strip
		}
		if o.logY && o.yLabel != "" {
			inner.Min.X += strip
		}
		p.Draw(inner)
		data := p.DataCanvas(inner)
		if o.logX {
			c.FillText(label, vg.Point{X: data.Center().X, Y: c.Min.Y + strip - 4}, o.xLabel)
		}
		if o.logY {
			turned := label
			turned.Rotation = math.Pi / 2
			c.FillText(turned, vg.Point{X: c.Min.X, Y: data.Center().Y}, o.yLabel)
		}
	}}
}

// roundTicks puts four to eight ticks at multiples of 1, 2 or 5 times a power of
// ten, or of whole numbers only.
type roundTicks struct{ whole bool }

func (t roundTicks) Ticks(low, high float64) []plot.Tick {
	span := high - low
	if !(span > 0) || math.IsInf(span, 0) {
		return []plot.Tick{{Value: low, Label: strconv.FormatFloat(low, 'g', 4, 64)}}
	}
	step := roundStep(span)
	if t.whole {
		step = math.Max(1, math.Round(step))
	}
	decimals := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	format := func(v float64) string { return strconv.FormatFloat(v, 'f', decimals, 64) }
	if largest := math.Max(math.Abs(low), math.Abs(high)); largest >= 1e6 || decimals > 5 {
		format = func(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
	}
	var ticks []plot.Tick
	for k := math.Ceil(low/step - 1e-9); k*step <= high+step*1e-9 && len(ticks) < 20; k++ {
		v := k * step
		if k == 0 {
			v = 0
		}
		ticks = append(ticks, plot.Tick{Value: v, Label: format(v)})
	}
	return ticks
}

// roundStep returns the distance of the ticks on an axis of the given length.
func roundStep(span float64) float64 {
	step := math.Pow(10, math.Floor(math.Log10(span/4)))
	for _, factor := range []float64{1, 2, 5} {
		if span/(step*factor) <= 7 {
			return step * factor
		}
	}
	return step * 10
}

// roundOut widens an axis to the next ticks.
func roundOut(axis *plot.Axis) {
	span := axis.Max - axis.Min
	if !(span > 0) || math.IsInf(span, 0) {
		return
	}
	step := roundStep(span)
	axis.Min = math.Floor(axis.Min/step+1e-9) * step
	axis.Max = math.Ceil(axis.Max/step-1e-9) * step
}

// epochTicks puts ticks on whole numbers, the first epoch among them.
type epochTicks struct{}

func (epochTicks) Ticks(low, high float64) []plot.Tick {
	ticks := roundTicks{whole: true}.Ticks(low, high)
	if len(ticks) > 1 && ticks[0].Value > low && ticks[0].Value-low > (ticks[1].Value-ticks[0].Value)/2 {
		ticks = append([]plot.Tick{{Value: low, Label: strconv.FormatFloat(low, 'f', 0, 64)}}, ticks...)
	}
	return ticks
}

// decadeTicks labels the powers of ten of a logarithmic axis, and 2 and 5 times
// them when the axis is short.
type decadeTicks struct{}

func (decadeTicks) Ticks(low, high float64) []plot.Tick {
	if !(low > 0 && high >= low) {
		return nil
	}
	decades := math.Log10(high / low)
	every := int(math.Max(1, math.Ceil(decades/8)))
	var ticks []plot.Tick
	for k := int(math.Floor(math.Log10(low))); k <= int(math.Ceil(math.Log10(high))); k++ {
		for factor := 1.0; factor < 10; factor++ {
			v := math.Pow(10, float64(k)) * factor
			if v < low*(1-1e-9) || v > high*(1+1e-9) {
				continue
			}
			label := ""
			if (factor == 1 && k%every == 0) || (decades < 2.5 && (factor == 2 || factor == 5)) {
				label = powerLabel(v)
			}
			if label != "" || every == 1 {
				ticks = append(ticks, plot.Tick{Value: v, Label: label})
			}
		}
	}
	return ticks
}

// powerLabel writes v in full between 0.001 and 100000, else as 5e-4 or 1e6.
func powerLabel(v float64) string {
	if v > 0.0009 && v < 200000 {
		return strconv.FormatFloat(v, 'g', 6, 64)
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	sign := strings.TrimPrefix(exponent[:1], "+")
	return digits + "e" + sign + strings.TrimLeft(exponent[1:], "0")
}

// gridLines draws a faint horizontal line at every labelled tick.
type gridLines struct{}

func (gridLines) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	style := draw.LineStyle{Color: gridInk, Width: 0.8}
	for _, tick := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if tick.Label != "" && tick.Value >= p.Y.Min && tick.Value <= p.Y.Max {
			c.StrokeLine2(style, c.Min.X, y(tick.Value), c.Max.X, y(tick.Value))
		}
	}
}

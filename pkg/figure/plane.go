package figure

import (
	"math"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// plane is a pair of axes and what is drawn over them.
//
// It stands on gonum's canvas and text (plot/vg/draw, plot/text) and does what its
// package plot does, which is not used: that brings twelve fonts and the writers of PDF,
// EPS, TeX and TIFF into the program of every cell, 8 MB of them, and knows no smallest
// size: where the labels need more room than there is, it draws inside out.
type plane struct {
	x, y   axis
	layers []layer
	form   form
}

// in is the plane drawn in another form.
func (p plane) in(f form) *plane {
	p.form = f
	if names, ok := p.y.ticks.(rowNames); ok {
		p.y.ticks = rowNames{names.names, f}
	}
	return &p
}

// layer is drawn into the canvas of the data.
type layer interface {
	plot(c draw.Canvas, p *plane)
}

// tick is a place on an axis; without a label it is a small one.
type tick struct {
	value float64
	label string
}

// ticker chooses the ticks of an axis.
type ticker interface {
	ticks(low, high float64) []tick
}

type axis struct {
	min, max float64 // inside out until something is drawn
	log      bool
	label    bilingual.Text
	ticks    ticker    // nil for an axis that is not drawn
	padding  vg.Length // between the axis and the data
}

// The measures of an axis.
const (
	axisWidth   vg.Length = 0.8
	tickLength  vg.Length = 4
	axisPadding vg.Length = 4
	labelGap    vg.Length = 4

	// leastData is how small the canvas of the data becomes before labels give way.
	leastData vg.Length = 24
)

func (a *axis) include(low, high float64) {
	a.min, a.max = math.Min(a.min, low), math.Max(a.max, high)
}

// settle gives the axis a range with something in it.
func (a *axis) settle() {
	if math.IsInf(a.min, 0) || math.IsInf(a.max, 0) || math.IsNaN(a.min) || math.IsNaN(a.max) {
		a.min, a.max = 0, 0
	}
	if a.min > a.max {
		a.min, a.max = a.max, a.min
	}
	if a.min < a.max {
		return
	}
	if a.log && a.min > 0 {
		a.min, a.max = a.min/2, a.max*2
		return
	}
	around := math.Max(1, math.Abs(a.min)/2)
	if math.Abs(a.min) < 1e6 {
		around = 1
	}
	a.min, a.max = a.min-around, a.max+around
}

// share returns where v lies on the axis, 0 at its lower and 1 at its upper end.
func (a *axis) share(v float64) float64 {
	if a.log {
		low := math.Log(a.min)
		return (math.Log(v) - low) / (math.Log(a.max) - low)
	}
	if math.IsInf(a.max-a.min, 0) {
		return (v/2 - a.min/2) / (a.max/2 - a.min/2)
	}
	return (v - a.min) / (a.max - a.min)
}

func (a *axis) marks() []tick {
	if a.ticks == nil {
		return nil
	}
	var on []tick
	for _, t := range a.ticks.ticks(a.min, a.max) {
		if s := a.share(t.value); s >= -1e-9 && s <= 1+1e-9 {
			on = append(on, t)
		}
	}
	return on
}

// transforms returns how numbers become places on a canvas.
func (p *plane) transforms(c draw.Canvas) (x, y func(float64) vg.Length) {
	return func(v float64) vg.Length { return c.X(p.x.share(v)) }, func(v float64) vg.Length { return c.Y(p.y.share(v)) }
}

// add puts layers over those that are there, and makes room for the curves among them.
func (p *plane) add(layers ...layer) {
	for _, l := range layers {
		if c, ok := l.(*curve); ok {
			xmin, xmax, ymin, ymax := c.extent()
			p.x.include(xmin, xmax)
			p.y.include(ymin, ymax)
		}
	}
	p.layers = append(p.layers, layers...)
}

// frame is the room that axes take: under the data and to the left of it.
type frame struct {
	xLabel, yLabel []string // in lines
	xTicks, yTicks []tick
	data           draw.Canvas
}

// draw draws the axes and then the layers. Where there is little room, the names of the
// axes go first, then the numbers.
func (p *plane) draw(c draw.Canvas) {
	p.x.settle()
	p.y.settle()
	var f frame
	for _, with := range []struct{ names, numbers bool }{{true, true}, {false, true}, {false, false}} {
		f = p.frame(c, with.names, with.numbers)
		if size := f.data.Size(); size.X >= leastData && size.Y >= leastData {
			break
		}
	}
	if size := f.data.Size(); size.X < 1 || size.Y < 1 {
		return
	}
	p.drawX(c, f)
	p.drawY(c, f)
	for _, l := range p.layers {
		l.plot(f.data, p)
	}
	p.tell(f.data)
}

// frame measures the axes.
func (p *plane) frame(c draw.Canvas, names, numbers bool) (f frame) {
	if names {
		f.xLabel = p.form.lines(textStyle(labelSize, ink), p.x.label, c.Size().X*0.9, 2)
		f.yLabel = p.form.lines(textStyle(labelSize, ink), p.y.label, c.Size().Y*0.9, 2)
		if p.form.narrow {
			f.xLabel, f.yLabel = p.underLabel(c.Size().X), nil
		}
	}
	f.xTicks, f.yTicks = p.x.marks(), p.y.marks()
	if !numbers {
		f.xTicks, f.yTicks = nil, nil
	}
	style := textStyle(tickSize, softInk)
	extents := style.FontExtents()
	f.data = draw.Crop(c, p.yWidth(f), 0, p.xHeight(f), 0)
	// The numbers at the far ends reach beyond the axes.
	for _, t := range f.xTicks {
		if s := vg.Length(p.x.share(t.value)); s > 0 && t.label != "" {
			f.data.Max.X = min(f.data.Max.X, f.data.Min.X+(c.Max.X-style.Width(t.label)/2-f.data.Min.X)/s)
		}
	}
	for _, t := range f.yTicks {
		if s := vg.Length(p.y.share(t.value)); s > 0 && t.label != "" {
			above := style.Rectangle(t.label).Size().Y/2 + extents.Height - extents.Ascent
			f.data.Max.Y = min(f.data.Max.Y, f.data.Min.Y+(c.Max.Y-above-f.data.Min.Y)/s)
		}
	}
	f.xTicks = spaced(f.xTicks, func(t tick) (at, half vg.Length) {
		return f.data.X(p.x.share(t.value)), style.Width(t.label)/2 + 2
	})
	f.yTicks = spaced(f.yTicks, func(t tick) (at, half vg.Length) { return f.data.Y(p.y.share(t.value)), tickSize / 2 })
	return f
}

// spaced leaves out the labels of some ticks, so that no label lies over another: every
// second, or third, … keeps its own.
func spaced(ticks []tick, place func(t tick) (at, half vg.Length)) []tick {
	for stride := 1; ; stride++ {
		kept, end, free, count := make([]tick, len(ticks)), vg.Length(math.Inf(-1)), true, 0
		for i, t := range ticks {
			if t.label != "" {
				if count++; (count-1)%stride > 0 {
					t.label = ""
				} else {
					at, half := place(t)
					free = free && at-half >= end
					end = at + half
				}
			}
			kept[i] = t
		}
		if free || stride >= count {
			return kept
		}
	}
}

func (p *plane) xHeight(f frame) vg.Length {
	height := p.x.padding
	if p.x.ticks != nil {
		height += axisWidth / 2
	}
	if len(f.xTicks) > 0 {
		height += tickLength + textStyle(tickSize, softInk).FontExtents().Height
	}
	return height + labelRoom(f.xLabel)
}

func (p *plane) yWidth(f frame) vg.Length {
	width := p.y.padding
	if p.y.ticks != nil {
		width += axisWidth / 2
	}
	if len(f.yTicks) > 0 {
		width += tickLength + widest(f.yTicks) + textStyle(tickSize, softInk).Width(" ")
	}
	return width + labelRoom(f.yLabel)
}

// labelRoom is the room of the name of an axis.
func labelRoom(label []string) vg.Length {
	if len(label) == 0 {
		return 0
	}
	return textStyle(labelSize, ink).FontExtents().Height + labelSize*1.2*vg.Length(len(label)-1) + labelGap
}

func widest(ticks []tick) (width vg.Length) {
	style := textStyle(tickSize, softInk)
	for _, t := range ticks {
		width = max(width, style.Width(t.label))
	}
	return width
}

var axisLine = draw.LineStyle{Color: axisInk, Width: axisWidth}

// drawX draws the horizontal axis, with its name at the lower end of the canvas.
func (p *plane) drawX(c draw.Canvas, f frame) {
	drawLabel(c, f.xLabel, vg.Point{X: f.data.Center().X, Y: c.Min.Y + labelRoom(f.xLabel) - labelGap}, 0)
	if p.x.ticks == nil {
		return
	}
	y := f.data.Min.Y - p.x.padding - axisWidth/2
	style := aligned(textStyle(tickSize, softInk), draw.XCenter, draw.YTop)
	for _, t := range f.xTicks {
		x := f.data.X(p.x.share(t.value))
		c.StrokeLine2(axisLine, x, y-tickLength*tickShare(t), x, y)
	}
	c.StrokeLine2(axisLine, f.data.Min.X, y, f.data.Max.X, y)
	for _, t := range f.xTicks {
		c.FillText(style, vg.Point{X: f.data.X(p.x.share(t.value)), Y: y - tickLength + style.FontExtents().Descent}, t.label)
	}
}

// drawY draws the vertical axis, with its name at the left end of the canvas.
func (p *plane) drawY(c draw.Canvas, f frame) {
	drawLabel(c, f.yLabel, vg.Point{X: c.Min.X, Y: f.data.Center().Y}, math.Pi/2)
	if p.y.ticks == nil {
		return
	}
	x := f.data.Min.X - p.y.padding - axisWidth/2
	style := aligned(textStyle(tickSize, softInk), draw.XRight, draw.YCenter)
	for _, t := range f.yTicks {
		y := f.data.Y(p.y.share(t.value))
		c.StrokeLine2(axisLine, x-tickLength*tickShare(t), y, x, y)
	}
	c.StrokeLine2(axisLine, x, f.data.Min.Y, x, f.data.Max.Y)
	for _, t := range f.yTicks {
		c.FillText(style, vg.Point{X: x - tickLength - style.Width(" "), Y: f.data.Y(p.y.share(t.value)) + style.FontExtents().Descent}, t.label)
	}
}

// tickShare is how much of the full length a tick has.
func tickShare(t tick) vg.Length {
	if t.label == "" {
		return 0.5
	}
	return 1
}

// drawLabel writes lines that hang from a point, or, turned, stand to the right of it.
func drawLabel(c draw.Canvas, label []string, at vg.Point, turn float64) {
	style := aligned(textStyle(labelSize, ink), draw.XCenter, draw.YTop)
	style.Rotation = turn
	for _, line := range label {
		if turn == 0 { // within the canvas, also where the data is not in its middle
			half := style.Width(line) / 2
			c.FillText(style, vg.Point{X: max(c.Min.X+half, min(at.X, c.Max.X-half)), Y: at.Y}, line)
			at.Y -= labelSize * 1.2
		} else {
			c.FillText(style, at, line)
			at.X += labelSize * 1.2
		}
	}
}

// lines breaks a text into at most so many lines of the given width; what does not fit
// ends with an ellipsis.
func lines(style text.Style, txt string, width vg.Length, most int) []string {
	broken := wrapped(style, txt, width)
	if len(broken) > most {
		broken = broken[:most]
		broken[most-1] += " …"
	}
	for i, line := range broken {
		broken[i] = shortened(style, line, width)
	}
	return broken
}

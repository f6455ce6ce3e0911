package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// narrowPlot is how high the axes and what is between them are in a narrow figure.
const narrowPlot vg.Length = 210

// narrow is the plane with the name of its vertical axis above it and the legend under it,
// so that the data has all of the width.
func (p *plane) narrow(h heading) drawing {
	width := p.form.inner()
	above := p.form.lines(textStyle(labelSize, ink), p.y.label, width, 3)
	aboveHeight := vg.Length(0)
	if len(above) > 0 {
		aboveHeight = labelSize*1.2*vg.Length(len(above)) + labelGap
	}
	under, plot := p.under(width), narrowPlot
	if rows, ok := p.y.ticks.(rowNames); ok {
		plot = max(100, 40+20*vg.Length(len(rows.names)))
	}
	height := h.height(width, p.form) + aboveHeight + plot + labelRoom(p.underLabel(width)) + under.height
	return p.form.around(width, height, func(c draw.Canvas) {
		c = h.draw(c, p.form)
		drawAbove(c, above)
		c.Max.Y -= aboveHeight
		bottom := c
		bottom.Max.Y = c.Min.Y + under.height
		c.Min.Y += under.height
		p.draw(c)
		under.draw(bottom)
	})
}

// drawAbove writes the name of the vertical axis at the top of a narrow figure.
func drawAbove(c draw.Canvas, name []string) {
	style := aligned(textStyle(labelSize, ink), draw.XLeft, draw.YTop)
	for i, line := range name {
		c.FillText(style, vg.Point{X: c.Min.X, Y: c.Max.Y - labelSize*1.2*vg.Length(i)}, line)
	}
}

// underLabel is the name of the horizontal axis of a narrow figure.
func (p *plane) underLabel(width vg.Length) []string {
	return p.form.lines(textStyle(labelSize, ink), p.x.label, width, 3)
}

// key is a legend under the axes.
type key struct {
	entries []entry
	at      []vg.Point // from the upper left corner
	height  vg.Length
}

// mostKeys is how many names a legend under the axes has at most.
const mostKeys = 24

// under lays out what the legends of a plane say, in rows.
func (p *plane) under(width vg.Length) (k key) {
	style := textStyle(tickSize, ink)
	room := width - legendSample - legendGap
	var all []entry
	for _, l := range p.layers {
		if l, ok := l.(interface {
			keys(form, vg.Length) []entry
		}); ok {
			all = append(all, l.keys(p.form, room)...)
		}
	}
	all, _ = within(all, p.form, mostKeys*legendRow())
	const between vg.Length = 14
	x, y, row := vg.Length(0), vg.Length(8), vg.Length(0)
	for _, e := range all {
		size := vg.Length(0)
		for _, line := range e.lines {
			size = max(size, style.Width(line))
		}
		size += legendSample + legendGap
		if x > 0 && x+size > width {
			x, y, row = 0, y+row, 0
		}
		k.entries, k.at = append(k.entries, e), append(k.at, vg.Point{X: x, Y: -y})
		x += size + between
		row = max(row, e.height())
	}
	if len(all) > 0 {
		k.height = y + row
	}
	return k
}

func (k key) draw(c draw.Canvas) {
	corner := vg.Point{X: c.Min.X, Y: c.Max.Y}
	for i, e := range k.entries {
		e.draw(c, corner.Add(k.at[i]))
	}
}

package figure

import (
	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// across draws the axes upright, side by side, each with its name above it and its numbers to its left.
func (p *parallel) across(c draw.Canvas, in form) {
	if len(p.axes) == 0 {
		return
	}
	ticks, names := textStyle(tickSize, softInk), textStyle(labelSize, ink)
	first := p.axes[0].marks()
	for i := range first {
		first[i].label = in.text(bilingual.Of(first[i].label))
	}
	left := max(40, 12+min(widest(first), 110))
	const right vg.Length = 44
	pitch := (c.Size().X - left - right) / vg.Length(max(len(p.axes)-1, 1))
	if pitch < 1 {
		return
	}
	x := func(i int) vg.Length { return c.Min.X + left + pitch*vg.Length(i) }
	texts, most := make([][]string, len(p.axes)), 0
	for i, name := range p.names {
		room := min(pitch-8, 2*(x(i)-c.Min.X), 2*(c.Max.X-x(i)))
		texts[i] = in.lines(names, name, max(room, 1), 2)
		most = max(most, len(texts[i]))
	}
	bottom, top := c.Min.Y+tickSize/2+2, c.Max.Y-labelSize*1.2*vg.Length(most)-tickSize/2-4
	if top-bottom < leastData {
		top, texts = c.Max.Y-tickSize/2, nil
	}
	if top <= bottom {
		return
	}
	at := func(i int, share vg.Length) vg.Point { return vg.Point{X: x(i), Y: bottom + share*(top-bottom)} }
	p.tell(teller(c), at(0, 0), at(len(p.axes)-1, 1), "")
	p.drawLines(c, at)
	for i := range p.axes {
		p.drawAxis(c, i, at(i, 0), at(i, 1))
		marks := spaced(p.axes[i].marks(), func(t tick) (vg.Length, vg.Length) {
			return at(i, vg.Length(p.axes[i].share(t.value))).Y, tickSize/2 + 1
		})
		room := min(pitch-16, 110)
		if i == 0 {
			room = left - 10
		}
		for _, t := range marks {
			place := at(i, vg.Length(p.axes[i].share(t.value)))
			c.StrokeLine2(axisLine, place.X-tickLength*tickShare(t), place.Y, place.X, place.Y)
			if t.label != "" && room > 0 {
				label := shortened(ticks, in.text(bilingual.Of(t.label)), room)
				place.X -= tickLength + 3 + ticks.Width(label)/2
				veiled(c, place, label)
			}
		}
	}
	name := aligned(names, draw.XCenter, draw.YTop)
	for i, text := range texts {
		for k, line := range text {
			c.FillText(name, vg.Point{X: x(i), Y: c.Max.Y - labelSize*1.2*vg.Length(k)}, line)
		}
	}
}

// rowPitch is how far the axes of a narrow figure lie below each other.
const rowPitch vg.Length = 64

// down draws the axes flat, below each other, each with its name above its left end and its numbers
// under it.
func (p *parallel) down(c draw.Canvas, in form) {
	ticks, names := textStyle(tickSize, softInk), textStyle(labelSize, ink)
	const inset vg.Length = 20
	left, length := c.Min.X+inset, c.Size().X-2*inset
	at := func(i int, share vg.Length) vg.Point {
		return vg.Point{X: left + share*length, Y: c.Max.Y - rowPitch*vg.Length(i) - labelSize*1.2 - 10}
	}
	p.tell(teller(c), at(0, 0), at(len(p.axes)-1, 1), "down")
	p.drawLines(c, at)
	for i := range p.axes {
		p.drawAxis(c, i, at(i, 0), at(i, 1))
		marks := p.axes[i].marks()
		room := length
		if _, texts := p.axes[i].ticks.(labelTicks); texts {
			room = length/vg.Length(max(len(marks)-1, 1)) - 6
		}
		under := map[float64][]string{} // a mark: its languages below each other where they are too long
		for k := range marks {
			label := bilingual.Of(marks[k].label)
			under[marks[k].value] = in.lines(ticks, label, room, 1)
			marks[k].label = ""
			for _, line := range under[marks[k].value] {
				if ticks.Width(line) > ticks.Width(marks[k].label) {
					marks[k].label = line
				}
			}
		}
		marks = spaced(marks, func(t tick) (vg.Length, vg.Length) {
			return at(i, vg.Length(p.axes[i].share(t.value))).X, ticks.Width(t.label)/2 + 2
		})
		for _, t := range marks {
			place := at(i, vg.Length(p.axes[i].share(t.value)))
			c.StrokeLine2(axisLine, place.X, place.Y-tickLength*tickShare(t), place.X, place.Y)
			if t.label != "" {
				half := ticks.Width(t.label) / 2
				place.X = max(c.Min.X+half, min(place.X, c.Max.X-half))
				place.Y -= tickLength + tickSize/2 + 2
				for _, line := range under[t.value] {
					veiled(c, place, line)
					place.Y -= tickSize * 1.2
				}
			}
		}
		line := shortened(names, in.text(p.names[i]), c.Size().X)
		if line == "" {
			continue
		}
		veiledIn(c, names, vg.Point{X: c.Min.X + names.Width(line)/2, Y: c.Max.Y - rowPitch*vg.Length(i) - labelSize*0.6}, line)
	}
}

// veiled writes a number of an axis about a place, on a veil so that it can be read over lines.
func veiled(c draw.Canvas, at vg.Point, label string) {
	veiledIn(c, textStyle(tickSize, softInk), at, label)
}

func veiledIn(c draw.Canvas, style text.Style, at vg.Point, label string) {
	half := vg.Point{X: style.Width(label)/2 + 2, Y: style.Font.Size/2 + 1}
	c.SetColor(veilCard)
	c.Fill(roundedRectangle(vg.Rectangle{Min: at.Sub(half), Max: at.Add(half)}, 2))
	c.FillText(aligned(style, draw.XCenter, draw.YCenter), vg.Point{X: at.X, Y: at.Y + style.FontExtents().Descent}, label)
}

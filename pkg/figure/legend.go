package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// legend names curves in a corner of the plot, on a veil so that it can be read over
// a curve.
type legend struct {
	at    Corner
	named []*curve
	drawn []*curve // all that it may cover
}

// The measures of a legend.
const (
	legendSample vg.Length = 24 // the piece of a curve
	legendGap    vg.Length = 7  // between it and the name
	legendPad    vg.Length = 6
)

// entry is a curve, or a mark, with its name in lines; without either it says what is left
// out.
type entry struct {
	curve *curve
	mark  string
	lines []string
}

func (e entry) height() vg.Length { return legendRow() + tickSize*1.15*vg.Length(len(e.lines)-1) }

// legendRow is the height of a name of one line.
func legendRow() vg.Length { return textStyle(tickSize, ink).FontExtents().Height + 4 }

// entries are the curves that have a name. A name that is wider than width has its languages in
// two lines, and is cut to the widest.
func (l legend) entries(in form, width, widest vg.Length) (all []entry) {
	style := textStyle(tickSize, ink)
	for _, c := range l.named {
		if c.name.English == "" {
			continue
		}
		lines := []string{in.text(c.name)}
		if !in.english && c.name.Korean != "" && style.Width(bounded(lines[0])) > width {
			lines = []string{c.name.English, c.name.Korean}
		}
		for i, line := range lines {
			lines[i] = shortened(style, line, widest)
		}
		all = append(all, entry{curve: c, lines: lines})
	}
	return all
}

// within are the entries that are no higher together than there is room for. The last may
// say how many are left out.
func within(all []entry, in form, room vg.Length) (shown []entry, height vg.Length) {
	for i, e := range all {
		if height += e.height(); height > room {
			shown = all[:i]
			break
		}
		shown = all[:i+1]
	}
	if len(shown) == len(all) {
		return shown, height
	}
	if n := len(shown); n > 0 {
		shown = shown[:n-1]
	} else if legendRow() > room {
		return nil, 0
	}
	height = legendRow()
	for _, e := range shown {
		height += e.height()
	}
	left := said("and %d more", "외 %d개", len(all)-len(shown))
	return append(shown[:len(shown):len(shown)], entry{lines: []string{in.text(left)}}), height
}

// keys are the entries under a narrow figure.
func (l legend) keys(in form, width vg.Length) []entry {
	if l.at == NoLegend {
		return nil
	}
	return l.entries(in, width, width)
}

func (l legend) plot(c draw.Canvas, p *plane) {
	if l.at == NoLegend || p.form.narrow || p.form.below {
		return
	}
	shown, box := l.place(c, p)
	if len(shown) == 0 {
		return
	}
	c.SetColor(veilCard)
	c.Fill(roundedRectangle(box, 4))
	top := box.Max.Y - legendPad
	for _, e := range shown {
		e.draw(c, vg.Point{X: box.Min.X + legendPad, Y: top})
		top -= e.height()
	}
}

// place chooses what a legend in the plot says, and where it stands.
func (l legend) place(c draw.Canvas, p *plane) (shown []entry, box vg.Rectangle) {
	style := textStyle(tickSize, ink)
	shown, height := within(l.entries(p.form, c.Size().X*0.4, c.Size().X*0.6), p.form, c.Size().Y-2*legendPad+4)
	widest := vg.Length(0)
	for _, e := range shown {
		for _, line := range e.lines {
			widest = max(widest, style.Width(line))
		}
	}
	size := vg.Point{X: legendSample + legendGap + widest + 2*legendPad, Y: height + 2*legendPad - 4}
	if len(shown) == 0 || size.X > c.Size().X {
		return nil, box // there is no room for any
	}
	at := l.at
	if at == FreeCorner {
		at = l.free(c, p, size)
	}
	return shown, corner(c, at, size)
}

// draw draws an entry under and to the right of a point.
func (e entry) draw(c draw.Canvas, at vg.Point) {
	style := aligned(textStyle(tickSize, ink), draw.XLeft, draw.YCenter)
	y := at.Y - (legendRow()-4)/2
	if e.curve != nil {
		e.curve.sample(c, at.X, at.X+legendSample, y)
	}
	if e.mark != "" {
		c.FillText(aligned(style, draw.XRight, draw.YCenter), vg.Point{X: at.X + legendSample, Y: y}, e.mark)
	}
	for _, line := range e.lines {
		c.FillText(style, vg.Point{X: at.X + legendSample + legendGap, Y: y}, line)
		y -= tickSize * 1.15
	}
}

// corner is the box of the given size in a corner of the canvas.
func corner(c draw.Canvas, at Corner, size vg.Point) vg.Rectangle {
	box := vg.Rectangle{Min: c.Min}
	if at == LowerRight || at == UpperRight {
		box.Min.X = c.Max.X - size.X
	}
	if at == UpperLeft || at == UpperRight {
		box.Min.Y = c.Max.Y - size.Y
	}
	box.Max = box.Min.Add(size)
	return box
}

// free returns the corner where a legend covers least. A curve counts more than the
// band around it.
func (l legend) free(c draw.Canvas, p *plane, size vg.Point) (best Corner) {
	const line, band = 5, 1
	least := -1
	var outlines, fillings [][]vg.Rectangle
	for _, curve := range l.drawn {
		outlines, fillings = append(outlines, curve.outline(c, p)), append(fillings, curve.filling(c, p))
	}
	for _, at := range []Corner{LowerRight, UpperRight, UpperLeft, LowerLeft} {
		box := corner(c, at, size)
		covered := 0
		for i := range l.drawn {
			covered += line*overlaps(box, outlines[i]) + band*overlaps(box, fillings[i])
		}
		if least < 0 || covered < least {
			best, least = at, covered
		}
	}
	return best
}

// drawWithLegend draws the plane, with the legend under the axes where it would lie over a
// curve in every corner.
func (p *plane) drawWithLegend(c draw.Canvas) {
	if !p.covered(c) {
		p.draw(c)
		return
	}
	under := p.under(c.Size().X)
	bottom := c
	bottom.Max.Y = c.Min.Y + under.height
	c.Min.Y += under.height
	p.form.below = true
	p.draw(c)
	under.draw(bottom)
}

// covered reports whether a legend that may choose its corner lies over a curve.
func (p *plane) covered(c draw.Canvas) bool {
	p.x.settle()
	p.y.settle()
	f := p.frame(c, true, true)
	for _, l := range p.layers {
		l, ok := l.(legend)
		if !ok || l.at != FreeCorner || f.data.Size().X < leastData || f.data.Size().Y < leastData {
			continue
		}
		shown, box := l.place(f.data, p)
		for _, curve := range l.drawn {
			if len(shown) > 0 && overlaps(box, curve.outline(f.data, p)) > 0 {
				return true
			}
		}
	}
	return false
}

// outline covers the line of a curve with small squares.
func (l *curve) outline(c draw.Canvas, p *plane) (squares []vg.Rectangle) {
	for _, run := range unbroken(l.place(c, p, l.ys)) {
		run = visible(run)
		for i := range run {
			squares = append(squares, along(run[max(i-1, 0)], run[i])...)
		}
	}
	return squares
}

// filling covers the band of a curve with thin bars.
func (l *curve) filling(c draw.Canvas, p *plane) (bars []vg.Rectangle) {
	const step = 3
	low, high := l.place(c, p, l.low), l.place(c, p, l.high)
	n := min(len(low), len(high))
	every := 1 + n/crowd
	for from := 0; from+every < n; from += every {
		to := from + every
		count := max(1, min(1000, float64((low[to].X-low[from].X)/step)))
		if math.IsNaN(count) {
			continue
		}
		for k := 0.5; k < count; k++ {
			bars = append(bars, vg.Rectangle{Min: between(low[from], low[to], k/count), Max: between(high[from], high[to], k/count)})
		}
	}
	return bars
}

// between is the point that lies the share t of the way from one point to another.
func between(from, to vg.Point, t float64) vg.Point {
	return from.Add(to.Sub(from).Scale(vg.Length(t)))
}

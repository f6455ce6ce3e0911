package figure

import (
	"cmp"
	"image/color"
	"math"
	"slices"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// parallel is what Parallel draws.
type parallel struct {
	names  []bilingual.Text
	axes   []axis
	values [][]float64 // by axis, then by line
	lines  []int       // those that are drawn, from the back to the front
	best   int         // of the lines, -1 where none has a last value
}

// mostLinesDrawn is how many lines there are in a picture at most.
const mostLinesDrawn = 2000

// choose orders the lines, those without a last value behind all others.
func (p *parallel) choose() {
	p.best = -1
	if len(p.axes) == 0 {
		return
	}
	last := p.values[len(p.values)-1]
	for i := range last {
		p.lines = append(p.lines, i)
	}
	slices.SortStableFunc(p.lines, func(a, b int) int { return cmp.Compare(last[a], last[b]) }) // NaN first
	if n := len(p.lines); n > 0 && finite(last[p.lines[n-1]]) {
		p.best = p.lines[n-1]
	}
	if rest := len(p.lines) - mostLinesDrawn/2; rest > mostLinesDrawn/2 {
		var few []int
		for k := range mostLinesDrawn / 2 {
			few = append(few, p.lines[k*rest/(mostLinesDrawn/2)])
		}
		p.lines = append(few, p.lines[rest:]...)
	}
}

// color is that of a share of the last axis. It passes through grey, so that light and dark pages
// show all of it, and people who do not tell red from green see its two ends as well.
func (p *parallel) color(share float64) color.NRGBA {
	low, middle, high := palette[4], color.NRGBA{0x9A, 0x9A, 0x9A, 0xFF}, color.NRGBA{0x1F, 0x7F, 0xC4, 0xFF}
	if !(share > 0.5) {
		return mixed(low, middle, 2*math.Max(share, 0))
	}
	return mixed(middle, high, 2*math.Min(share, 1)-1)
}

// drawLines draws the lines through the places that at gives for an axis and a share of it.
func (p *parallel) drawLines(c draw.Canvas, at func(axis int, share vg.Length) vg.Point) {
	final := len(p.axes) - 1
	for _, line := range p.lines {
		style := draw.LineStyle{Color: gridInk, Width: 1}
		if v := p.values[final][line]; finite(v) {
			style.Color = faded(p.color(p.axes[final].share(v)), 0xC8)
		}
		if line == p.best {
			style.Width = 3
		}
		points := make([]vg.Point, len(p.axes))
		for i := range points {
			points[i] = vg.Point{X: vg.Length(math.NaN())}
			if v := p.values[i][line]; finite(v) {
				points[i] = at(i, vg.Length(p.axes[i].share(v)))
			}
		}
		for _, run := range unbroken(points) {
			if len(run) == 1 {
				c.DrawGlyphNoClip(draw.GlyphStyle{Color: style.Color, Radius: style.Width, Shape: draw.CircleGlyph{}}, run[0])
				continue
			}
			c.StrokeLines(style, run)
		}
	}
}

// drawAxis draws an axis between two places; the last one is in the colours that it gives.
func (p *parallel) drawAxis(c draw.Canvas, i int, from, to vg.Point) {
	c.StrokeLine2(axisLine, from.X, from.Y, to.X, to.Y)
	if i < len(p.axes)-1 {
		return
	}
	const pieces = 32
	for k := range pieces {
		a, b := between(from, to, float64(k)/pieces), between(from, to, float64(k+1)/pieces)
		c.StrokeLine2(draw.LineStyle{Color: p.color((float64(k) + 0.5) / pieces), Width: 5}, a.X, a.Y, b.X, b.Y)
	}
}

// tell tells what each line has on all axes, at each of its places, the foremost line first. from and to are where the first
// axis begins and the last one ends.
func (p *parallel) tell(s *svgCanvas, from, to vg.Point, turned string) {
	if s == nil || len(p.axes) < 2 {
		return
	}
	along, share := axis{min: 1, max: float64(len(p.axes))}, axis{max: 1}
	var all []points
	for _, line := range slices.Backward(p.lines) {
		if len(all) == mostTold/len(p.axes) {
			break
		}
		var has []bilingual.Text
		one := points{}
		for i := range p.axes {
			has = append(has, said("%s %s", "%s %s", p.name(i), p.value(i, line)))
			one.xs, one.ys = append(one.xs, float64(i+1)), append(one.ys, p.axes[i].share(p.values[i][line]))
		}
		one.name = listed(has)
		all = append(all, one)
	}
	s.tellPoints(vg.Rectangle{Min: vg.Point{X: min(from.X, to.X), Y: min(from.Y, to.Y)}, Max: vg.Point{X: max(from.X, to.X), Y: max(from.Y, to.Y)}},
		along, share, "t", turned, all)
}

// words say what the axes are, and which line is the highest.
func (p *parallel) words() bilingual.Text {
	var axes, best []bilingual.Text
	for i := range p.axes {
		name := p.name(i)
		axes = append(axes, said("%s %s", "%s %s", name, p.reach(i)))
		if p.best >= 0 {
			best = append(best, said("%s %s", "%s %s", name, p.value(i, p.best)))
		}
	}
	count := 0
	if len(p.values) > 0 {
		count = len(p.values[0])
	}
	text := said("%d lines over parallel axes: %s.", "나란한 축 위의 선 %d개: %s.", count, listed(axes))
	if len(best) > 0 {
		text = said("%s The highest: %s.", "%s 가장 높은 선: %s.", text, listed(best))
	}
	return text
}

// name is what an axis is called.
func (p *parallel) name(i int) bilingual.Text {
	if p.names[i].English == "" {
		return said("axis %d", "%d번째 축", i+1)
	}
	return p.names[i]
}

// reach is from where to where an axis goes.
func (p *parallel) reach(i int) bilingual.Text {
	if labels, ok := p.axes[i].ticks.(labelTicks); ok {
		return said("(%s)", "(%s)", listedNames(labels))
	}
	log := bilingual.Text{}
	if p.axes[i].log {
		log = bilingual.Text{English: " (logarithmic)", Korean: "(로그)"}
	}
	return said("from %s to %s%s", "%s~%s%s", short(p.axes[i].min), short(p.axes[i].max), log)
}

// value is what a line has on an axis.
func (p *parallel) value(i, line int) bilingual.Text {
	v := p.values[i][line]
	if !finite(v) {
		return bilingual.Of("none")
	}
	if labels, ok := p.axes[i].ticks.(labelTicks); ok {
		return bilingual.Of(labels[int(v)])
	}
	return bilingual.Text{English: short(v)}
}

package figure

import (
	"math"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Bar is a row of Bars. Spread is how far the value may be off, each way; 0 when that is not known.
type Bar struct {
	Name          string
	Value, Spread float64
}

// Bars draws a bar for each value, from 0, with the name to its left and the number behind it, from the
// top in the order given. A thin line shows the spread. XLabel says what is measured. Of a value that
// is not finite there is the name alone.
func Bars(rows []Bar, opts ...Option) *Figure {
	o := options{width: 600, height: 100 + 24*vg.Length(len(rows)), legend: NoLegend}
	o.apply(opts)
	p := newPlane(&o)
	p.x.include(0, 0)
	var names []string
	var words []bilingual.Text
	for _, row := range rows {
		names = append(names, row.Name)
		if !finite(row.Value) {
			words = append(words, bilingual.Of(row.Name).With(" ", bilingual.Of("no values")))
			continue
		}
		low, high := row.ends()
		p.x.include(low, high)
		words = append(words, said("%s %s", "%s %s", bilingual.Of(row.Name), short(row.Value)))
	}
	roundOut(&p.x)
	p.y.ticks = rowNames{names, form{}}
	p.y.min, p.y.max = 0.4-float64(max(len(rows), 1)), 0.6
	p.add(bars(rows))
	f := figureOf(&o, p)
	f.shows = said("Bars: %s.", "막대: %s.", listed(words))
	return f
}

// ends are the lowest and the highest number that a row shows beside 0.
func (b Bar) ends() (low, high float64) {
	if b.Spread > 0 && finite(b.Value-b.Spread) && finite(b.Value+b.Spread) {
		return b.Value - b.Spread, b.Value + b.Spread
	}
	return b.Value, b.Value
}

type bars []Bar

func (rows bars) plot(c draw.Canvas, p *plane) {
	x, y := p.transforms(c)
	within := func(v float64) vg.Length { return max(c.Min.X, min(x(v), c.Max.X)) }
	half := min(7, max((y(0)-y(-1))*0.3, 0.5))
	style := aligned(textStyle(tickSize, ink), draw.XLeft, draw.YCenter)
	for i, row := range rows {
		if !finite(row.Value) {
			continue
		}
		low, high := row.ends()
		at := y(-float64(i))
		if at < c.Min.Y || at > c.Max.Y {
			continue
		}
		from, to := within(math.Min(0, row.Value)), within(math.Max(0, row.Value))
		c.SetColor(palette[0])
		c.Fill(vg.Rectangle{Min: vg.Point{X: from, Y: at - half}, Max: vg.Point{X: max(to, from+1), Y: at + half}}.Path())
		if low < high {
			c.StrokeLine2(draw.LineStyle{Color: softInk, Width: 1.2}, within(low), at, within(high), at)
		}
		// The number stands behind the bar, or before it where there is no room.
		text, place := short(row.Value), within(math.Max(high, 0))+5
		if width := style.Width(text); place+width > c.Max.X {
			place = c.Max.X - width
			c.SetColor(veilCard)
			c.Fill(roundedRectangle(vg.Rectangle{Min: vg.Point{X: place - 3, Y: at - half}, Max: vg.Point{X: c.Max.X, Y: at + half}}, 3))
		}
		c.FillText(style, vg.Point{X: place, Y: at + style.FontExtents().Descent}, text)
	}
}

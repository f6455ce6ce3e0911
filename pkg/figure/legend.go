package figure

import (
	"gonum.org/v1/plot"
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

func (l legend) Plot(c draw.Canvas, p *plot.Plot) {
	const sample, gap, pad vg.Length = 24, 7, 6
	style := textStyle(tickSize, ink)
	row := style.FontExtents().Height + 4
	var named []*curve
	var widest vg.Length
	for _, curve := range l.named {
		if curve.name != "" {
			named = append(named, curve)
			widest = max(widest, style.Width(shortened(style, curve.name, c.Size().X*0.6)))
		}
	}
	if l.at == NoLegend || len(named) == 0 {
		return
	}
	size := vg.Point{X: sample + gap + widest + 2*pad, Y: row*vg.Length(len(named)) + 2*pad - 4}
	at := l.at
	if at == FreeCorner {
		at = l.free(c, p, size)
	}
	box := corner(c, at, size)
	c.SetColor(veilCard)
	c.Fill(roundedRectangle(box, 4))
	for i, curve := range named {
		y := box.Max.Y - pad - row*vg.Length(i) - (row-4)/2
		curve.sample(c, box.Min.X+pad, box.Min.X+pad+sample, y)
		c.FillText(aligned(style, draw.XLeft, draw.YCenter), vg.Point{X: box.Min.X + pad + sample + gap, Y: y},
			shortened(style, curve.name, c.Size().X*0.6))
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
func (l legend) free(c draw.Canvas, p *plot.Plot, size vg.Point) (best Corner) {
	const line, band = 5, 1
	least := -1
	for _, at := range []Corner{LowerRight, UpperRight, UpperLeft, LowerLeft} {
		box := corner(c, at, size)
		covered := 0
		for _, curve := range l.drawn {
			covered += line * overlaps(box, curve.outline(c, p))
			covered += band * overlaps(box, curve.filling(c, p))
		}
		if least < 0 || covered < least {
			best, least = at, covered
		}
	}
	return best
}

// outline covers the line of a curve with small squares.
func (l *curve) outline(c draw.Canvas, p *plot.Plot) (squares []vg.Rectangle) {
	for _, run := range unbroken(l.place(c, p, l.ys)) {
		for i := range run {
			squares = append(squares, along(run[max(i-1, 0)], run[i])...)
		}
	}
	return squares
}

// filling covers the band of a curve with thin bars.
func (l *curve) filling(c draw.Canvas, p *plot.Plot) (bars []vg.Rectangle) {
	const step = 3
	low, high := l.place(c, p, l.low), l.place(c, p, l.high)
	for i := 1; i < min(len(low), len(high)); i++ {
		count := max(1, min(1000, float64((low[i].X-low[i-1].X)/step)))
		for k := 0.5; k < count; k++ {
			bars = append(bars, vg.Rectangle{Min: between(low[i-1], low[i], k/count), Max: between(high[i-1], high[i], k/count)})
		}
	}
	return bars
}

// between is the point that lies the share t of the way from one point to another.
func between(from, to vg.Point, t float64) vg.Point {
	return from.Add(to.Sub(from).Scale(vg.Length(t)))
}

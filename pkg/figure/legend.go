package figure

import (
	"fmt"
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

func (l legend) plot(c draw.Canvas, p *plane) {
	const sample, gap, pad vg.Length = 24, 7, 6
	style := textStyle(tickSize, ink)
	row := style.FontExtents().Height + 4
	var named []*curve
	for _, curve := range l.named {
		if curve.name != "" {
			named = append(named, curve)
		}
	}
	if l.at == NoLegend || len(named) == 0 {
		return
	}
	// As many rows as there is room for; the last may say how many are left out.
	rows, rest := len(named), ""
	if most := int((c.Size().Y - 2*pad + 4) / row); rows > most {
		rows = most
		rest = fmt.Sprintf("and %d more", len(named)-max(rows-1, 0))
		named = named[:max(rows-1, 0)]
	}
	names := make([]string, len(named))
	widest := style.Width(rest)
	for i, curve := range named {
		names[i] = shortened(style, curve.name, c.Size().X*0.6)
		widest = max(widest, style.Width(names[i]))
	}
	size := vg.Point{X: sample + gap + widest + 2*pad, Y: row*vg.Length(rows) + 2*pad - 4}
	if rows < 1 || size.X > c.Size().X {
		return // there is no room for any
	}
	at := l.at
	if at == FreeCorner {
		at = l.free(c, p, size)
	}
	box := corner(c, at, size)
	c.SetColor(veilCard)
	c.Fill(roundedRectangle(box, 4))
	left := aligned(style, draw.XLeft, draw.YCenter)
	for i := range rows {
		place := vg.Point{X: box.Min.X + pad + sample + gap, Y: box.Max.Y - pad - row*vg.Length(i) - (row-4)/2}
		if i == len(named) {
			c.FillText(left, place, rest)
			continue
		}
		named[i].sample(c, box.Min.X+pad, box.Min.X+pad+sample, place.Y)
		c.FillText(left, place, names[i])
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

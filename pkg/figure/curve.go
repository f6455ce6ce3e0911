package figure

import (
	"image/color"
	"math"
	"slices"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// marker is the shape drawn on the points of a curve.
type marker int

const (
	noMarker marker = iota
	roundMarker
	squareMarker
	barMarker
)

// curve is a line with optional markers and an optional band. Points that are not
// finite, or not positive on a logarithmic axis, break the line.
type curve struct {
	name      bilingual.Text
	xs, ys    []float64
	low, high []float64 // the band, nil for none
	color     color.NRGBA
	width     vg.Length // 0 draws no line
	dashes    []vg.Length
	marker    marker
	every     int      // a marker on every so many points, from the first
	labels    []string // what each point is called, nil for none
	untold    bool     // its points are not those of the data
}

// extent returns the lowest and highest numbers that can be drawn, inside out when there
// are none.
func (l *curve) extent() (xmin, xmax, ymin, ymax float64) {
	xmin, ymin = math.Inf(1), math.Inf(1)
	xmax, ymax = math.Inf(-1), math.Inf(-1)
	for i, x := range l.xs {
		for _, ys := range [][]float64{l.ys, l.low, l.high} {
			if i < len(ys) && finite(x) && finite(ys[i]) {
				xmin, xmax = math.Min(xmin, x), math.Max(xmax, x)
				ymin, ymax = math.Min(ymin, ys[i]), math.Max(ymax, ys[i])
			}
		}
	}
	return xmin, xmax, ymin, ymax
}

func (l *curve) plot(c draw.Canvas, p *plane) {
	l.plotBand(c, p)
	points := l.place(c, p, l.ys)
	if l.width > 0 {
		style := draw.LineStyle{Color: l.color, Width: l.width, Dashes: l.dashes}
		for _, run := range unbroken(points) {
			run = visible(run)
			c.StrokeLines(style, c.ClipLinesXY(run)...)
			if len(run) == 1 && l.marker == noMarker && c.Contains(run[0]) {
				c.DrawGlyphNoClip(draw.GlyphStyle{Color: l.color, Radius: l.width, Shape: draw.CircleGlyph{}}, run[0])
			}
		}
	}
	marked := places{}
	for i := 0; i < len(points); i += max(l.every, 1) {
		if pt := points[i]; finite(pt.X.Points()) && c.Contains(pt) && (len(points) < crowd || marked.add(pt)) {
			l.mark(c, pt)
		}
	}
}

// plotBand fills the area between low and high.
func (l *curve) plotBand(c draw.Canvas, p *plane) {
	if len(l.low) == 0 || len(l.high) == 0 {
		return
	}
	low, high := l.place(c, p, l.low), l.place(c, p, l.high)
	n := min(len(low), len(high))
	for start := 0; start < n; start++ {
		end := start
		for end < n && finite(low[end].Y.Points()) && finite(high[end].Y.Points()) && finite(low[end].X.Points()) {
			end++
		}
		if end-start >= 2 {
			area := append([]vg.Point(nil), visible(low[start:end])...)
			upper := visible(high[start:end])
			for i := len(upper) - 1; i >= 0; i-- {
				area = append(area, upper[i])
			}
			c.FillPolygon(faded(l.color, 0x33), c.ClipPolygonXY(area))
		}
		start = end
	}
}

// place returns where the points lie on the canvas; a point that cannot be drawn
// is NaN.
func (l *curve) place(c draw.Canvas, p *plane, ys []float64) []vg.Point {
	x, y := p.transforms(c)
	points := make([]vg.Point, min(len(l.xs), len(ys)))
	for i := range points {
		vx, vy := l.xs[i], ys[i]
		if !finite(vx) || !finite(vy) || (p.x.log && vx <= 0) || (p.y.log && vy <= 0) {
			points[i] = vg.Point{X: vg.Length(math.NaN()), Y: vg.Length(math.NaN())}
			continue
		}
		points[i] = vg.Point{X: x(vx), Y: y(vy)}
	}
	return points
}

// unbroken cuts points at those that are NaN.
func unbroken(points []vg.Point) (runs [][]vg.Point) {
	var run []vg.Point
	for _, pt := range points {
		if finite(pt.X.Points()) {
			run = append(run, pt)
			continue
		}
		if len(run) > 0 {
			runs = append(runs, run)
		}
		run = nil
	}
	if len(run) > 0 {
		runs = append(runs, run)
	}
	return runs
}

// sample draws a piece of the curve for the legend, from x0 to x1 at height y.
func (l *curve) sample(c draw.Canvas, x0, x1, y vg.Length) {
	if len(l.low) > 0 {
		c.SetColor(faded(l.color, 0x33))
		c.Fill(vg.Rectangle{Min: vg.Point{X: x0, Y: y - 4}, Max: vg.Point{X: x1, Y: y + 4}}.Path())
	}
	if l.width > 0 {
		c.StrokeLine2(draw.LineStyle{Color: l.color, Width: l.width, Dashes: l.dashes}, x0, y, x1, y)
	}
	l.mark(c, vg.Point{X: (x0 + x1) / 2, Y: y})
}

func (l *curve) mark(c draw.Canvas, at vg.Point) {
	switch l.marker {
	case roundMarker:
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: l.color, Radius: 3.6, Shape: draw.CircleGlyph{}}, at)
	case barMarker:
		const half = 7
		c.StrokeLine2(draw.LineStyle{Color: l.color, Width: 2.6}, at.X, at.Y-half, at.X, at.Y+half)
	case squareMarker:
		const half = 3.3
		c.SetColor(l.color)
		c.Fill(vg.Rectangle{Min: vg.Point{X: at.X - half, Y: at.Y - half}, Max: vg.Point{X: at.X + half, Y: at.Y + half}}.Path())
	}
}

// finite reports whether v can be drawn: it is a number, and not so large that the
// length of an axis would overflow.
func finite(v float64) bool { return math.Abs(v) < 1e300 }

// addCurves puts the curves, the last on top, and a legend of those in named into
// the plot. On a logarithmic axis only positive values count for the range.
func addCurves(p *plane, o *options, curves, named []*curve) {
	for _, l := range curves {
		p.add(l)
	}
	switch {
	case o.yRange != nil:
		p.y.min, p.y.max = o.yRange[0], o.yRange[1]
	case !o.logY:
		roundOut(&p.y)
	}
	positive(&p.x, o.logX, curves, func(l *curve) [][]float64 { return [][]float64{l.xs} })
	positive(&p.y, o.logY, curves, func(l *curve) [][]float64 { return [][]float64{l.ys, l.low, l.high} })
	for _, a := range []*axis{&p.x, &p.y} {
		if a.log && (a == &p.x || o.yRange == nil) && slices.ContainsFunc(curves, func(l *curve) bool { return l.marker != noMarker }) {
			a.loosen()
		}
	}
	p.add(legend{o.legend, named, curves})
}

// loosen makes a logarithmic axis longer at both ends, so that no point lies on its edge.
func (a *axis) loosen() {
	if a.min > 0 && a.max > a.min {
		by := math.Pow(a.max/a.min, 0.04)
		a.min, a.max = a.min/by, a.max*by
	}
}

// positive gives a logarithmic axis a range of positive numbers.
func positive(a *axis, log bool, curves []*curve, values func(*curve) [][]float64) {
	if !log || a.min > 0 && finite(a.max) && a.max > a.min {
		return
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, l := range curves {
		for _, vs := range values(l) {
			for _, v := range vs {
				if v > 0 && finite(v) {
					low, high = math.Min(low, v), math.Max(high, v)
				}
			}
		}
	}
	switch {
	case low > high:
		low, high = 0.1, 1
	case low == high:
		low, high = low/2, high*2
	}
	a.min, a.max = low, high
}

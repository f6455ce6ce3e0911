package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Machine is what limits a computation: how fast it can calculate and how fast it
// can fetch.
type Machine struct {
	Name      string
	GFLOPS    float64 // the peak
	Bandwidth float64 // of the memory, in GB/s
	Published bool    // from a data sheet rather than measured; drawn dashed
}

// Work is a computation on the roofline.
type Work struct {
	Name      string
	Intensity float64 // floating-point operations for each byte of memory moved
	GFLOPS    float64 // reached
}

// Roofline draws how fast work ran against how much it calculates per byte, both
// logarithmic, under the roofs of machines: at low intensity the memory bandwidth
// limits, at high intensity the peak. (Williams, Waterman and Patterson, 2009.) It
// panics unless every machine has a positive peak and bandwidth; work that is not
// positive is left out.
func Roofline(machines []Machine, work []Work, opts ...Option) *Figure {
	o := options{width: 640, height: 420, xLabel: "operations per byte", yLabel: "GFLOP/s", legend: LowerRight}
	o.apply(opts)
	o.logX, o.logY = true, true
	lowX, highX := math.Inf(1), 0.0
	reach := func(x float64) { lowX, highX = math.Min(lowX, x), math.Max(highX, x) }
	for _, m := range machines {
		if !(m.GFLOPS > 0 && m.Bandwidth > 0 && finite(m.GFLOPS/m.Bandwidth)) {
			panic(fmt.Sprintf("figure.Roofline: machine %q has %g GFLOP/s and %g GB/s: both must be positive", m.Name, m.GFLOPS, m.Bandwidth))
		}
		reach(m.GFLOPS / m.Bandwidth / 10)
		reach(m.GFLOPS / m.Bandwidth * 10)
	}
	var shown []Work
	for _, k := range work {
		if k.Intensity > 0 && k.GFLOPS > 0 && finite(k.Intensity) && finite(k.GFLOPS) {
			shown = append(shown, k)
			reach(k.Intensity / 2)
			reach(k.Intensity * 4)
		}
	}
	if lowX > highX {
		lowX, highX = 0.1, 100
	}
	var curves []*curve
	for i, m := range machines {
		ridge := m.GFLOPS / m.Bandwidth
		roof := &curve{name: m.Name, color: colorOf(i), width: 2,
			xs: []float64{lowX, ridge, highX}, ys: []float64{lowX * m.Bandwidth, m.GFLOPS, m.GFLOPS}}
		if m.Published {
			roof.name += " (published)"
			roof.dashes = []vg.Length{6, 3}
		}
		curves = append(curves, roof)
	}
	dots := &curve{color: ink, marker: roundMarker}
	for _, k := range shown {
		dots.xs, dots.ys = append(dots.xs, k.Intensity), append(dots.ys, k.GFLOPS)
	}
	p := newPlot(&o)
	addCurves(p, &o, slices.Concat(curves, []*curve{dots}), curves)
	p.Add(workNames{shown, curves})
	if o.yRange == nil {
		p.Y.Min /= 1.5
		p.Y.Max *= 1.5
	}
	return figureOf(&o, p)
}

// workNames writes the name of each work beside its point, where it covers as little
// as can be of points, roofs and other names.
type workNames struct {
	work  []Work
	roofs []*curve
}

func (n workNames) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := textStyle(tickSize, ink)
	height := style.FontExtents().Height
	const own, clear = 4, 9 // what is kept free about a point, by its own name and by others
	var taken []vg.Rectangle
	for _, k := range n.work {
		taken = append(taken, around(vg.Point{X: x(k.Intensity), Y: y(k.GFLOPS)}, clear))
	}
	for _, roof := range n.roofs {
		for i := 1; i < len(roof.xs); i++ {
			from := vg.Point{X: x(roof.xs[i-1]), Y: y(roof.ys[i-1])}
			to := vg.Point{X: x(roof.xs[i]), Y: y(roof.ys[i])}
			taken = append(taken, along(from, to)...)
		}
	}
	for i, k := range n.work {
		at := vg.Point{X: x(k.Intensity), Y: y(k.GFLOPS)}
		width := style.Width(k.Name)
		taken[i] = around(at, own)
		var box vg.Rectangle
		least := math.MaxInt
		for _, corner := range []vg.Point{
			{X: 7, Y: -height / 2}, {X: -7 - width, Y: -height / 2}, {X: -width / 2, Y: 6}, {X: -width / 2, Y: -6 - height},
			{X: 6, Y: 5}, {X: 6, Y: -5 - height}, {X: -6 - width, Y: 5}, {X: -6 - width, Y: -5 - height},
			{X: 6, Y: -12 - height}, {X: -6 - width, Y: -12 - height},
		} {
			b := vg.Rectangle{Min: at.Add(corner), Max: at.Add(corner).Add(vg.Point{X: width, Y: height})}
			if covered := overlaps(b, taken); covered < least && c.Contains(b.Min) && c.Contains(b.Max) {
				box, least = b, covered
			}
		}
		taken[i] = around(at, clear)
		if least == math.MaxInt {
			continue // wider than the figure
		}
		taken = append(taken, box)
		c.FillText(aligned(style, draw.XLeft, draw.YTop), vg.Point{X: box.Min.X, Y: box.Max.Y}, k.Name)
	}
}

// around is a square about a point.
func around(p vg.Point, reach vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: p.X - reach, Y: p.Y - reach}, Max: vg.Point{X: p.X + reach, Y: p.Y + reach}}
}

// along covers a line with squares.
func along(from, to vg.Point) (squares []vg.Rectangle) {
	const step = 3
	way := to.Sub(from)
	count := min(math.Ceil(math.Hypot(float64(way.X), float64(way.Y))/step), 1000)
	for i := 0.0; i <= count; i++ {
		squares = append(squares, around(between(from, to, i/max(count, 1)), step/2.0))
	}
	return squares
}

// overlaps counts the rectangles that r overlaps.
func overlaps(r vg.Rectangle, others []vg.Rectangle) (count int) {
	for _, o := range others {
		if r.Min.X < o.Max.X && o.Min.X < r.Max.X && r.Min.Y < o.Max.Y && o.Min.Y < r.Max.Y {
			count++
		}
	}
	return count
}

package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"convbook/pkg/internal/bilingual"

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
		roof := &curve{name: bilingual.Of(m.Name), color: colorOf(i), width: 2,
			xs: []float64{lowX, ridge, highX}, ys: []float64{lowX * m.Bandwidth, m.GFLOPS, m.GFLOPS}}
		if m.Published {
			roof.name = roof.name.With(" ", bilingual.Text{English: "(published)", Korean: "(공표값)"})
			roof.dashes = []vg.Length{6, 3}
		}
		curves = append(curves, roof)
	}
	dots := &curve{color: ink, marker: roundMarker}
	for _, k := range shown {
		dots.xs, dots.ys, dots.labels = append(dots.xs, k.Intensity), append(dots.ys, k.GFLOPS), append(dots.labels, k.Name)
	}
	p := newPlane(&o)
	addCurves(p, &o, slices.Concat(curves, []*curve{dots}), curves)
	p.add(workNames{shown, curves})
	if o.yRange == nil {
		p.y.min /= 1.5
		p.y.max *= 1.5
	}
	return figureOf(&o, p)
}

// workNames writes the name of each work near its point, where it covers as little
// as can be of points, roofs and other names. A thin line leads to a name further off.
type workNames struct {
	work  []Work
	roofs []*curve
}

// keys name the numbers that stand beside the points of a narrow figure.
func (n workNames) keys(in form, width vg.Length) (all []entry) {
	for i, k := range n.work {
		if lines := in.lines(textStyle(tickSize, ink), bilingual.Of(k.Name), width, 2); len(lines) > 0 {
			all = append(all, entry{mark: strconv.Itoa(i + 1), lines: lines})
		}
	}
	return all
}

// placed is where a name stands.
type placed struct {
	at   vg.Point // the point that it names
	box  vg.Rectangle
	tier int // how far off it is
}

func (n workNames) plot(c draw.Canvas, p *plane) {
	x, y := p.transforms(c)
	style := textStyle(tickSize, ink)
	said := make([]string, len(n.work))
	names := make([]placed, len(n.work))
	for i, k := range n.work {
		said[i] = bounded(p.form.text(bilingual.Of(k.Name)))
		if p.form.narrow {
			said[i] = strconv.Itoa(i + 1)
		}
		names[i].at = vg.Point{X: x(k.Intensity), Y: y(k.GFLOPS)}
	}
	var roofs []vg.Rectangle
	for _, roof := range n.roofs {
		for i := 1; i < len(roof.xs); i++ {
			roofs = append(roofs, along(vg.Point{X: x(roof.xs[i-1]), Y: y(roof.ys[i-1])}, vg.Point{X: x(roof.xs[i]), Y: y(roof.ys[i])})...)
		}
	}
	var legends []vg.Rectangle
	for _, l := range p.layers {
		if l, ok := l.(legend); ok && l.at != NoLegend && !p.form.narrow {
			_, box := l.place(c, p)
			legends = append(legends, box)
		}
	}
	// Where a name fits depends on the others: after a few rounds none wants to move.
	for range 4 {
		for i := range n.work {
			names[i] = best(c, names, i, vg.Point{X: style.Width(said[i]), Y: style.FontExtents().Height}, roofs, legends)
		}
	}
	for i := range n.work {
		name := names[i]
		if name.box == (vg.Rectangle{}) {
			continue // wider than the figure
		}
		if name.tier > 0 {
			end := vg.Point{X: min(max(name.at.X, name.box.Min.X), name.box.Max.X), Y: name.box.Max.Y}
			if name.box.Min.Y > name.at.Y {
				end.Y = name.box.Min.Y
			}
			c.StrokeLine2(draw.LineStyle{Color: axisInk, Width: 0.6}, name.at.X, name.at.Y, end.X, end.Y)
		}
		c.FillText(aligned(style, draw.XLeft, draw.YTop), vg.Point{X: name.box.Min.X, Y: name.box.Max.Y}, said[i])
	}
}

// best returns the place for names[i] that covers least of the roofs, of the legend and of
// the other points and names. Near places come first.
func best(c draw.Canvas, names []placed, i int, size vg.Point, roofs, legends []vg.Rectangle) placed {
	const own, clear = 4, 9 // what is kept free about a point, by its own name and by others
	var points, texts []vg.Rectangle
	for k, other := range names {
		if k != i {
			points, texts = append(points, around(other.at, clear)), append(texts, other.box)
		}
	}
	found := placed{at: names[i].at}
	least := math.MaxInt
	try := func(tier int, corner vg.Point) {
		box := vg.Rectangle{Min: found.at.Add(corner), Max: found.at.Add(corner).Add(size)}
		if !c.Contains(box.Min) || !c.Contains(box.Max) {
			return
		}
		cost := 3*tier + overlaps(inset(box, -2), roofs) + 10*overlaps(box, points) + 30*overlaps(box, texts) + 40*overlaps(box, legends) + 10*overlaps(box, []vg.Rectangle{around(found.at, own)})
		if cost < least {
			found.box, found.tier, least = box, tier, cost
		}
	}
	try(0, vg.Point{X: 7, Y: -size.Y / 2})
	try(0, vg.Point{X: -7 - size.X, Y: -size.Y / 2})
	for tier := range 4 {
		away := 6 + 13*vg.Length(tier)
		for _, left := range []vg.Length{-size.X / 2, 6, -6 - size.X} {
			try(tier, vg.Point{X: left, Y: away})
			try(tier, vg.Point{X: left, Y: -away - size.Y})
		}
	}
	return found
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

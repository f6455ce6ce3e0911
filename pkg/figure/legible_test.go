package figure

import (
	"image/color"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
)

// contrast is that of WCAG 2, from 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

// What is written in a cell can be read on every shade.
func TestCellsAreLegible(t *testing.T) {
	for _, full := range palette[:2] {
		for share := 0.0; share <= 1; share += 0.01 {
			if c := shaded("1", full, share); contrast(c.ink, c.fill) < 3.7 {
				t.Errorf("%v on %v, %.0f %% of %v, has a contrast of %.1f, want 3.7", c.ink, c.fill, 100*share, full, contrast(c.ink, c.fill))
			}
		}
	}
	for shade := range 256 {
		grey := color.NRGBA{uint8(shade), uint8(shade), uint8(shade), 0xFF}
		if got := contrast(inkOn(grey), grey); got < 3.7 {
			t.Errorf("on the grey %d the contrast is %.1f, want 3.7", shade, got)
		}
	}
}

// Two curves have colours that are told apart, in dark pages too.
func TestColorsDifferInTheDark(t *testing.T) {
	hex := func(text string) (c color.NRGBA) {
		digits := func(s string) uint8 {
			v := 0
			for _, r := range s {
				v = 16*v + slices.Index([]rune("0123456789abcdef"), r)
			}
			return uint8(v)
		}
		return color.NRGBA{digits(text[1:3]), digits(text[3:5]), digits(text[5:7]), 0xFF}
	}
	var dark []color.NRGBA
	for _, c := range palette {
		for _, d := range darkColors {
			if hex(d.light) == c {
				c = hex(d.dark)
				break
			}
		}
		dark = append(dark, c)
	}
	distance := func(a, b color.NRGBA) float64 {
		return math.Hypot(math.Hypot(float64(a.R)-float64(b.R), float64(a.G)-float64(b.G)), float64(a.B)-float64(b.B))
	}
	for _, colors := range [][]color.NRGBA{palette, dark} {
		for i := range colors {
			for k := range i {
				if d := distance(colors[i], colors[k]); d < 60 {
					t.Errorf("the colours %d and %d are %v and %v, only %.0f apart", k, i, colors[k], colors[i], d)
				}
			}
		}
	}
}

// planeOf are the axes of curves that fall and rise in turn, each faster than the one before.
func planeOf(count int, opts ...Option) *plane {
	o := options{width: 560, height: 400, legend: FreeCorner}
	o.apply(opts)
	var curves []*curve
	for i := range count {
		c := &curve{width: 2, marker: roundMarker}
		c.name.English = "a curve with a long name, which says what its strength is"
		for k := range 11 {
			x := float64(1 + k)
			y := math.Exp(-x * float64(i+1) / 8)
			if i%2 == 1 {
				y = 1.1 - y
			}
			c.xs, c.ys = append(c.xs, x), append(c.ys, y)
		}
		curves = append(curves, c)
	}
	p := newPlane(&o)
	addCurves(p, &o, curves, curves)
	return p
}

// A legend lies over no curve: where no corner is free, it stands under the axes.
func TestLegendsCoverNoCurve(t *testing.T) {
	var r recorder.Canvas
	c := draw.NewCanvas(&r, 560, 400)
	for count, want := range map[int]bool{1: false, 8: true} {
		p := planeOf(count)
		p.drawWithLegend(c)
		if p.form.below != want {
			t.Errorf("with %d curves the legend stands under the axes: %t", count, p.form.below)
		}
	}
	if p := planeOf(8, Legend(LowerLeft)); p.covered(c) {
		t.Error("a legend in a corner that was chosen moves")
	}
}

// Points lie within logarithmic axes, not on their edges.
func TestLogarithmicAxesHaveRoom(t *testing.T) {
	p := planeOf(2, LogX(), LogY())
	for name, a := range map[string]*axis{"x": &p.x, "y": &p.y} {
		for _, l := range p.layers {
			if l, ok := l.(*curve); ok {
				values := map[string][]float64{"x": l.xs, "y": l.ys}[name]
				if low, high := a.share(slices.Min(values)), a.share(slices.Max(values)); low < 0.03 || high > 0.97 {
					t.Errorf("on the axis %s a curve reaches from %.2f to %.2f", name, low, high)
				}
			}
		}
	}
}

// A size stays in a line.
func TestSizesStayTogether(t *testing.T) {
	style := textStyle(tickSize, ink)
	for _, text := range []string{"Conv3: 10 x 10 of 3 x 3", "filters of 3 x 3 x 16"} {
		for _, width := range []vg.Length{30, 50, 62, 200} {
			for _, line := range wrapped(style, text, width) {
				if line[0] == 'x' || line[len(line)-1] == 'x' {
					t.Errorf("a line of %v ends within a size: %q", width, line)
				}
			}
		}
	}
}

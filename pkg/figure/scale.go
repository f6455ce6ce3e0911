package figure

import (
	"image"
	"image/color"
	"math"
	"strconv"

	"convbook/pkg/internal/bilingual"
	"convbook/pkg/ndarray"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// colorScale is a bar that explains the colours of a figure.
type colorScale struct {
	colors      color.Palette // from left to right
	low, center string        // the texts under the ends and, unless empty, the middle
	high        string
	zero        float64        // where 0 is, from 0 to 1; written where there is room for it
	note        bilingual.Text // under them
}

// greyScale explains the greys of images where they are not those of values from 0 to 1.
func (o *options) greyScale(shades span) *foot {
	if !o.ownScale && shades == (span{0, 1}) {
		return nil
	}
	s := colorScale{colors: make(color.Palette, 64), low: short(shades.low), high: short(shades.high), zero: (0 - shades.low) / (shades.high - shades.low)}
	for i := range s.colors {
		shade := uint8(255 * i / (len(s.colors) - 1))
		if o.inverted {
			shade = 255 - shade
		}
		s.colors[i] = color.Gray{shade}
	}
	if o.ownScale {
		s.low, s.high, s.zero, s.note = "", "", -1, bilingual.Of("each from its own lowest to highest value")
	}
	return &foot{height: s.height(), draw: s.draw}
}

// height is the space that a colour scale takes.
func (s colorScale) height() vg.Length {
	if s.note.English == "" || s.low == "" {
		return 24
	}
	return 24 + captionPitch
}

// draw draws the scale across the middle of the canvas's width, 160 wide.
func (s colorScale) draw(c draw.Canvas, in form) {
	const width, bar vg.Length = 160, 8
	left := c.Center().X - width/2
	img := image.NewPaletted(image.Rect(0, 0, len(s.colors), 1), s.colors)
	for i := range img.Pix {
		img.Pix[i] = uint8(i)
	}
	r := vg.Rectangle{Min: vg.Point{X: left, Y: c.Max.Y - bar}, Max: vg.Point{X: left + width, Y: c.Max.Y}}
	c.DrawImage(r, img)
	c.StrokeLines(draw.LineStyle{Color: gridInk, Width: 0.5}, outline(r))
	style := aligned(textStyle(tickSize, softInk), draw.XCenter, draw.YTop)
	for i, text := range []string{s.low, s.center, s.high} {
		c.FillText(style, vg.Point{X: left + width*vg.Length(i)/2, Y: r.Min.Y - 3}, text)
	}
	at := left + width*vg.Length(s.zero)
	if room := style.Width("00"); at-style.Width(s.low)/2-left > room && left+width-style.Width(s.high)/2-at > room {
		c.FillText(style, vg.Point{X: at, Y: r.Min.Y - 3}, "0")
	}
	under := vg.Length(0)
	if s.low != "" {
		under = captionPitch
	}
	c.FillText(style, vg.Point{X: c.Center().X, Y: r.Min.Y - 3 - under}, in.text(s.note))
}

// outline returns the closed line around r.
func outline(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}, r.Min}
}

// uniform returns a way to write numbers that gives all the same decimals: three
// significant digits for the largest, or none when all are whole.
func uniform[T ndarray.Float](values []T) func(v float64) string {
	limit, whole := largest(values), true
	for _, v := range values {
		whole = whole && (!finite(float64(v)) || float64(v) == math.Trunc(float64(v)))
	}
	if limit < 1e-3 || limit >= 1e5 {
		return short
	}
	decimals := max(0, 2-int(math.Floor(math.Log10(limit))))
	if whole {
		decimals = 0
	}
	return func(v float64) string { return strconv.FormatFloat(v, 'f', decimals, 64) }
}

// short writes v with three significant digits.
func short(v float64) string {
	return strconv.FormatFloat(v, 'g', 3, 64)
}

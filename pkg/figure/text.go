package figure

import (
	"math"
	"strings"

	"convbook/pkg/figure/internal/typeface"

	xfont "golang.org/x/image/font"
	xtext "golang.org/x/text/width"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// wideText lays out all text of the figures: plain lines in Liberation Sans. It knows
// how wide Korean, Chinese and Japanese characters are, which that font has none of; in
// an SVG the browser sets them in a font of its own. (A PNG shows boxes.)
type wideText struct{}

var handler text.Handler = wideText{}

// Cache returns nil: nothing here looks a font up.
func (wideText) Cache() *font.Cache { return nil }

func faceOf(fnt font.Font) *typeface.Face {
	if fnt.Weight == xfont.WeightBold {
		return typeface.Bold()
	}
	return typeface.Regular()
}

// Extents returns the heights of a text.
func (wideText) Extents(fnt font.Font) font.Extents {
	ascent, descent, height := faceOf(fnt).Extents()
	scaled := func(units int) font.Length { return font.Points(float64(units)) * (fnt.Size / typeface.UnitsPerEm) }
	return font.Extents{Ascent: scaled(ascent), Descent: scaled(descent), Height: scaled(height)}
}

// Lines splits a text.
func (wideText) Lines(txt string) []string { return strings.Split(strings.TrimRight(txt, "\n"), "\n") }

// wideEm is the width of a wide character in ems: 0.87 to 0.92 in the Korean fonts
// that systems come with.
const wideEm = 0.9

// textWidth returns the width of one line.
func textWidth(fnt font.Font, line string) vg.Length {
	var wide vg.Length
	narrow := strings.Map(func(r rune) rune {
		if kind := xtext.LookupRune(r).Kind(); kind == xtext.EastAsianWide || kind == xtext.EastAsianFullwidth {
			wide++
			return -1
		}
		return r
	}, line)
	return font.Points(float64(faceOf(fnt).Width(narrow)))*(fnt.Size/typeface.UnitsPerEm) + wide*wideEm*fnt.Size
}

// Box returns the width of a line, and its height above and below the baseline.
func (h wideText) Box(line string, fnt font.Font) (width, height, depth vg.Length) {
	extents := h.Extents(fnt)
	return textWidth(fnt, line), extents.Ascent, extents.Descent
}

// Draw writes the lines of a text with its anchor at pt.
func (h wideText) Draw(c vg.Canvas, txt string, style text.Style, pt vg.Point) {
	txt = strings.TrimRight(txt, "\n")
	if txt == "" {
		return
	}
	face := font.Face{Font: style.Font}
	c.SetColor(style.Color)
	c.Push()
	defer c.Pop()
	c.Rotate(style.Rotation)
	sin, cos := math.Sincos(style.Rotation)
	x := pt.X*vg.Length(cos) + pt.Y*vg.Length(sin)
	y := pt.Y*vg.Length(cos) - pt.X*vg.Length(sin)
	lines := h.Lines(txt)
	y += style.Height(txt)*vg.Length(style.YAlign) - h.Extents(style.Font).Ascent + vg.Length(len(lines))*style.Font.Size
	for _, line := range lines {
		c.FillString(face, vg.Point{X: x + vg.Length(style.XAlign)*textWidth(style.Font, line), Y: y}, line)
		y -= style.Font.Size
	}
}

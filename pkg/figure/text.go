package figure

import (
	"math"
	"strings"

	xtext "golang.org/x/text/width"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// handler lays out all text of the figures.
var handler text.Handler = wideText{text.Plain{Fonts: plot.DefaultTextHandler.Cache()}}

// wideText is gonum's plain text, except that it knows how wide Korean, Chinese and
// Japanese characters are. The layout's font, Liberation Sans, has none of them; in
// an SVG the browser sets them in a font of its own. (A PNG shows boxes.)
type wideText struct{ text.Plain }

// wideEm is the width of a wide character in ems: 0.87 to 0.92 in the Korean fonts
// that systems come with.
const wideEm = 0.9

// textWidth returns the width of one line.
func textWidth(face font.Face, line string) vg.Length {
	var wide vg.Length
	narrow := strings.Map(func(r rune) rune {
		if kind := xtext.LookupRune(r).Kind(); kind == xtext.EastAsianWide || kind == xtext.EastAsianFullwidth {
			wide++
			return -1
		}
		return r
	}, line)
	return face.Width(narrow) + wide*wideEm*face.Font.Size
}

// Box returns the width of a line, and its height above and below the baseline.
func (h wideText) Box(line string, fnt font.Font) (width, height, depth vg.Length) {
	face := h.Fonts.Lookup(fnt, fnt.Size)
	extents := face.Extents()
	return textWidth(face, line), extents.Ascent, extents.Descent
}

// Draw writes the lines of a text with its anchor at pt.
func (h wideText) Draw(c vg.Canvas, txt string, style text.Style, pt vg.Point) {
	txt = strings.TrimRight(txt, "\n")
	if txt == "" {
		return
	}
	face := h.Fonts.Lookup(style.Font, style.Font.Size)
	c.SetColor(style.Color)
	c.Push()
	defer c.Pop()
	c.Rotate(style.Rotation)
	sin, cos := math.Sincos(style.Rotation)
	x := pt.X*vg.Length(cos) + pt.Y*vg.Length(sin)
	y := pt.Y*vg.Length(cos) - pt.X*vg.Length(sin)
	lines := h.Lines(txt)
	y += style.Height(txt)*vg.Length(style.YAlign) - face.Extents().Ascent + vg.Length(len(lines))*style.Font.Size
	for _, line := range lines {
		c.FillString(face, vg.Point{X: x + vg.Length(style.XAlign)*textWidth(face, line), Y: y}, line)
		y -= style.Font.Size
	}
}

package figure

import (
	"fmt"
	"math"
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	xtext "golang.org/x/text/width"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// fonts are the two that figures are laid out with.
var fonts = sync.OnceValue(func() *font.Cache {
	var faces font.Collection
	for _, f := range []struct {
		weight xfont.Weight
		ttf    []byte
	}{{xfont.WeightNormal, liberationsansregular.TTF}, {xfont.WeightBold, liberationsansbold.TTF}} {
		face, err := opentype.Parse(f.ttf)
		if err != nil {
			panic(fmt.Errorf("the font that the program brings along: %w", err))
		}
		faces = append(faces, font.Face{Font: font.Font{Typeface: "Liberation", Variant: "Sans", Weight: f.weight}, Face: face})
	}
	return font.NewCache(faces)
})

// wideText lays out all text of the figures: plain lines in Liberation Sans. It knows
// how wide Korean, Chinese and Japanese characters are, which that font has none of; in
// an SVG the browser sets them in a font of its own. (A PNG shows boxes.)
type wideText struct{}

var handler text.Handler = wideText{}

func (wideText) Cache() *font.Cache { return fonts() }

func (wideText) face(fnt font.Font) font.Face { return fonts().Lookup(fnt, fnt.Size) }

func (h wideText) Extents(fnt font.Font) font.Extents {
	face := h.face(fnt)
	return face.Extents()
}

// Lines splits a text.
func (wideText) Lines(txt string) []string { return strings.Split(strings.TrimRight(txt, "\n"), "\n") }

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
	face := h.face(fnt)
	extents := face.Extents()
	return textWidth(face, line), extents.Ascent, extents.Descent
}

// Draw writes the lines of a text with its anchor at pt.
func (h wideText) Draw(c vg.Canvas, txt string, style text.Style, pt vg.Point) {
	txt = strings.TrimRight(txt, "\n")
	if txt == "" {
		return
	}
	face := h.face(style.Font)
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

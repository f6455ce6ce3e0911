package figure

import (
	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// NarrowWidth is how wide a figure for a telephone is, in CSS pixels: what a page leaves of
// the 360 of a small one.
const NarrowWidth = 328

// form is how a figure is drawn.
type form struct {
	narrow  bool // for a telephone
	english bool // and nothing in Korean
	below   bool // the legend stands under the axes
}

// text is what the form shows of a text.
func (f form) text(t bilingual.Text) string {
	if f.english {
		return t.English
	}
	return t.String()
}

// margin is what stays free around the picture on its card.
func (f form) margin() vg.Length {
	if f.narrow {
		return 8
	}
	return margin
}

// inner is the width within the margins of a narrow figure.
func (f form) inner() vg.Length { return NarrowWidth - 2*f.margin() }

// drawing is a figure in one form.
type drawing struct {
	width, height vg.Length // one unit is one CSS pixel in SVG, 1/72 inch in PNG
	margin        vg.Length // around what is painted
	paint         func(draw.Canvas)
}

// around is the drawing of a picture of the given size.
func (f form) around(width, height vg.Length, paint func(draw.Canvas)) drawing {
	m := f.margin()
	return drawing{width + 2*m, height + 2*m, m, paint}
}

// lines is a text in one line where it fits, else each language in at most so many lines.
func (f form) lines(style text.Style, t bilingual.Text, width vg.Length, most int) []string {
	if all := bounded(f.text(t)); f.english || t.Korean == "" || style.Width(all) <= width {
		return lines(style, all, width, most)
	}
	return append(lines(style, t.English, width, most), lines(style, t.Korean, width, most)...)
}

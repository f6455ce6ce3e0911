package figure

import (
	"image/color"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"convbook/pkg/internal/bilingual"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The colours of Okabe and Ito (2008), told apart also by people who do not see
// red and green alike. The first two are train and test.
var palette = []color.NRGBA{
	{0x00, 0x72, 0xB2, 0xFF}, // blue
	{0xD5, 0x5E, 0x00, 0xFF}, // vermillion
	{0x00, 0x9E, 0x73, 0xFF}, // bluish green
	{0xCC, 0x79, 0xA7, 0xFF}, // reddish purple
	{0xE6, 0x9F, 0x00, 0xFF}, // orange
	{0x56, 0xB4, 0xE9, 0xFF}, // sky blue
	{0x55, 0x55, 0x55, 0xFF}, // grey
}

var (
	card    = color.NRGBA{0xFD, 0xFD, 0xFC, 0xFF}
	ink     = color.NRGBA{0x2B, 0x2B, 0x2B, 0xFF}
	softInk = color.NRGBA{0x5A, 0x5A, 0x5A, 0xFF}
	axisInk = color.NRGBA{0x8C, 0x8C, 0x8C, 0xFF}
	gridInk = color.NRGBA{0xE6, 0xE6, 0xE4, 0xFF}

	// On light cells, in dark pages too: told from ink and softInk by their values.
	cellInk     = color.NRGBA{0x2A, 0x2A, 0x2A, 0xFF}
	softCellInk = color.NRGBA{0x5B, 0x5B, 0x5B, 0xFF}

	veilCard = color.NRGBA{0xFD, 0xFD, 0xFC, 0xD8}
)

const (
	cardRadius vg.Length = 8
	margin     vg.Length = 14

	titleSize vg.Length = 14

	koreanTitleSize vg.Length = 13

	labelSize vg.Length = 12
	tickSize  vg.Length = 11
)

// colorOf returns the i-th colour of the palette, from the start again after the
// last.
func colorOf(i int) color.NRGBA { return palette[i%len(palette)] }

// dashesOf returns the dashes that tell the i-th curve from the one that had its colour
// before: none for the first seven.
func dashesOf(i int) []vg.Length {
	return [][]vg.Length{nil, {8, 3}, {2, 2}, {8, 3, 2, 3}}[i/len(palette)%4]
}

// faded returns c with the given opacity out of 255.
func faded(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}

// textStyle is the style of all text: Liberation Sans, whose metrics are Arial's.
func textStyle(size vg.Length, clr color.Color) text.Style {
	return text.Style{
		Color:   clr,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		Handler: handler,
	}
}

// aligned returns the style with an anchor: x from -1 (the text ends there) to 0
// (it starts there), y from -1 (it hangs below) to 0 (it stands above).
func aligned(s text.Style, x draw.XAlignment, y draw.YAlignment) text.Style {
	s.XAlign, s.YAlign = x, y
	return s
}

// plain drops what has no shape of its own but changes others: controls, marks of
// direction, and bytes that are no text. Line breaks stay.
func plain(txt string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\r':
			return ' '
		case r == '\n':
			return r
		case unicode.IsControl(r), r == utf8.RuneError, r == '\u061c', r >= '\u200e' && r <= '\u200f', r >= '\u2028' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff':
			return -1
		}
		return r
	}, txt)
}

// longestText is how many characters of a text are laid out at most. What is longer
// fills no figure.
const longestText = 2000

func bounded(txt string) string {
	txt = plain(txt)
	count := 0
	for i := range txt {
		if count++; count > longestText {
			return txt[:i] + "…"
		}
	}
	return txt
}

// words are the words of a text. The size of a window or an image, as 3 x 3, is one, so that it stays in a line.
func words(txt string) (all []string) {
	fields := strings.Fields(txt)
	for i := 0; i < len(fields); i++ {
		n := len(all) - 1
		if fields[i] == "x" && n >= 0 && i+1 < len(fields) && isDigit(all[n][len(all[n])-1]) && isDigit(fields[i+1][0]) {
			all[n] += " x " + fields[i+1]
			i++
			continue
		}
		all = append(all, fields[i])
	}
	return all
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// wrapped breaks txt into lines no wider than width, between words; line breaks
// in txt stay. A single word wider than width stays on a line of its own.
func wrapped(s text.Style, txt string, width vg.Length) (lines []string) {
	if strings.TrimSpace(txt) == "" {
		return nil
	}
	for _, paragraph := range strings.Split(bounded(txt), "\n") {
		line := ""
		for _, word := range words(paragraph) {
			switch {
			case line == "":
				line = word
			case s.Width(line+" "+word) <= width:
				line += " " + word
			default:
				lines = append(lines, line)
				line = word
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// shortened cuts txt, with an ellipsis, to the given width.
func shortened(s text.Style, txt string, width vg.Length) string {
	txt = bounded(txt)
	if s.Width(txt) <= width {
		return txt
	}
	runes := []rune(txt)
	cut := func(n int) string { return strings.TrimRight(string(runes[:n]), " ") + "…" }
	// The longest beginning that fits; a shorter one is narrower.
	n := sort.Search(len(runes), func(n int) bool { return s.Width(cut(n+1)) > width })
	return cut(n)
}

// heading is what stands above a figure: a title, and below it a note in smaller
// and lighter type.
type heading struct {
	title, note bilingual.Text
	standIn     bool
}

// text is both in one line, with a comma before each line of the note.
func (h heading) text() bilingual.Text {
	joined := func(title, note string) string {
		var parts []string
		for _, part := range append([]string{title}, strings.Split(note, "\n")...) {
			if part = oneLine(part); part != "" {
				parts = append(parts, part)
			}
		}
		return strings.Join(parts, ", ")
	}
	return bilingual.Text{English: joined(h.title.English, h.note.English), Korean: joined(h.title.Korean, h.note.Korean)}
}

// oneLine is a text without breaks and spaces at its ends.
func oneLine(txt string) string { return strings.Join(strings.Fields(bounded(txt)), " ") }

// headingLine is one line of a heading and the space it takes. What is said in Korean may
// stand behind what is said in English.
type headingLine struct {
	texts  []string
	styles []text.Style
	height vg.Length
}

func (l headingLine) width() (width vg.Length) {
	for i, txt := range l.texts {
		width += l.styles[i].Width(txt)
	}
	return width + languageGap*vg.Length(len(l.texts)-1)
}

// languageGap is between the languages in a line.
const languageGap vg.Length = 10

// mostLines is how many lines a title, and a note, have at most.
const mostLines = 8

func (h heading) lines(width vg.Length, in form) (all []headingLine) {
	add := func(t bilingual.Text, english, korean text.Style, height vg.Length) {
		first := lines(english, t.English, width, mostLines)
		var second []string
		if !in.english {
			second = lines(korean, t.Korean, width, mostLines)
		}
		if len(first) == 1 && len(second) == 1 {
			if both := (headingLine{[]string{first[0], second[0]}, []text.Style{english, korean}, height}); both.width() <= width {
				all = append(all, both)
				return
			}
		}
		for _, line := range first {
			all = append(all, headingLine{[]string{line}, []text.Style{english}, height})
		}
		for _, line := range second {
			all = append(all, headingLine{[]string{line}, []text.Style{korean}, korean.Font.Size * 1.4})
		}
	}
	title := aligned(textStyle(titleSize, ink), draw.XLeft, draw.YTop)
	title.Font.Weight = xfont.WeightBold
	add(h.title, title, aligned(textStyle(koreanTitleSize, softInk), draw.XLeft, draw.YTop), titleSize*1.3)
	note := aligned(textStyle(labelSize, softInk), draw.XLeft, draw.YTop)
	add(h.note, note, note, labelSize*1.35)
	return all
}

// height is the space that the heading takes above a figure of the given width.
func (h heading) height(width vg.Length, in form) vg.Length {
	lines := h.lines(width, in)
	if len(lines) == 0 {
		return 0
	}
	total := vg.Length(8)
	for _, line := range lines {
		total += line.height
	}
	return total
}

// draw draws the heading at the top of the canvas and returns what is left below
// it. A figure of a small fixed size leaves out the lines that would take more than half
// of it.
func (h heading) draw(c draw.Canvas, in form) draw.Canvas {
	y := c.Max.Y
	for _, line := range h.lines(c.Size().X, in) {
		if y-line.height < c.Center().Y {
			break
		}
		x := c.Center().X - line.width()/2
		for i, txt := range line.texts {
			// The smaller letters stand on the same line as the larger.
			down := line.styles[0].FontExtents().Ascent - line.styles[i].FontExtents().Ascent
			c.FillText(line.styles[i], vg.Point{X: x, Y: y - down}, txt)
			x += line.styles[i].Width(txt) + languageGap
		}
		y -= line.height
	}
	if y < c.Max.Y {
		y -= 8
	}
	c.Max.Y = y
	return c
}

// Package typeface knows how wide texts in Liberation Sans are, which is all that an SVG
// needs of a font: the outlines, 800 KB of them, are for pixels only.
package typeface

import "sort"

//go:generate go run ./gen

// UnitsPerEm is how many units of a face make the size of a text.
const UnitsPerEm = 2048

// Face is what is known of a face. The tables are lists of big-endian numbers of two
// bytes: runes in their order, the advance of each, and for pairs of runes, in their
// order, how much closer they stand.
type Face struct {
	ascent, descent, height int
	missing                 int // the advance of a rune that the face has not
	runes                   string
	advances                string
	kerning                 string
}

// Regular and Bold are the faces.
func Regular() *Face { return &regular }

// Bold is the face of titles.
func Bold() *Face { return &bold }

// Extents returns the lengths above and below the baseline and of a line, in units.
func (f *Face) Extents() (ascent, descent, height int) { return f.ascent, f.descent, f.height }

// Width returns the width of a line, in units.
func (f *Face) Width(line string) (units int) {
	before := rune(-1)
	for _, r := range line {
		if before >= 0 {
			units += f.kern(before, r)
		}
		units += f.advance(r)
		before = r
	}
	return units
}

func (f *Face) advance(r rune) int {
	count := len(f.runes) / 2
	if i := sort.Search(count, func(i int) bool { return number(f.runes, i) >= int(r) }); i < count && number(f.runes, i) == int(r) {
		return number(f.advances, i)
	}
	return f.missing
}

func (f *Face) kern(a, b rune) int {
	if a > 0xffff || b > 0xffff {
		return 0
	}
	pair := int(a)<<16 | int(b)
	at := func(i int) int { return number(f.kerning, 3*i)<<16 | number(f.kerning, 3*i+1) }
	count := len(f.kerning) / 6
	if i := sort.Search(count, func(i int) bool { return at(i) >= pair }); i < count && at(i) == pair {
		return int(int16(number(f.kerning, 3*i+2)))
	}
	return 0
}

// number is the i-th number of a table.
func number(table string, i int) int { return int(table[2*i])<<8 | int(table[2*i+1]) }

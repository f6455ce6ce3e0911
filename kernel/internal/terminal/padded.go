package terminal

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Padded returns a text with blanks behind it up to a number of columns of a terminal. A
// letter of Korean takes two.
func Padded(text string, columns int) string {
	for _, r := range text {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
			columns -= 2
		default:
			columns--
		}
	}
	return text + strings.Repeat(" ", max(columns, 0))
}

package terminal

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shown returns a text that is not ours as it may be printed: lines and tabs as they
// are, and what would steer the terminal, or turn the direction of the text, as \x1b,
// \u009b or \u202e; \r before a line's end goes.
func Shown(text string) string {
	return escape(strings.ReplaceAll(text, "\r\n", "\n"), func(r rune) bool { return r == '\n' || r == '\t' })
}

// Line is Shown in one line: a line's end is \n in it.
func Line(text string) string { return escape(text, func(rune) bool { return false }) }

// Name returns the name of a file as ls and git show it: as it is, or in quotes, with
// escapes as in Go, where it holds anything that could be taken for something else.
func Name(name string) string {
	odd := func(r rune) bool { return r == '"' || r == '\\' && !windows || steers(r) }
	if name == "" || strings.TrimSpace(name) != name || strings.ContainsFunc(name, odd) || !utf8.ValidString(name) {
		return `"` + escape(strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name), func(rune) bool { return false }) + `"`
	}
	return name
}

// steers says whether a letter does something to a terminal instead of standing in it.
func steers(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\ufeff'
}

func escape(text string, keeps func(rune) bool) string {
	first := strings.IndexFunc(text, func(r rune) bool { return steers(r) && !keeps(r) || r == utf8.RuneError })
	if first < 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	b.WriteString(text[:first])
	for i := first; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case !steers(r) || keeps(r):
			b.WriteString(text[i : i+size])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += size
	}
	return b.String()
}

// ShownTo returns a writer that writes texts as Shown gives them. Each Write is a text
// of its own.
func ShownTo(w io.Writer) io.Writer { return shownTo{w} }

type shownTo struct{ w io.Writer }

func (s shownTo) Write(p []byte) (int, error) {
	_, err := io.WriteString(s.w, Shown(string(p)))
	return len(p), err
}

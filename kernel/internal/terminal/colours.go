package terminal

import (
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Colours writes what a program prints to a terminal, with its colours and with \r,
// and with nothing else that steers a terminal: other sequences are left out, what is
// none is shown as Shown does. Mark stands at the beginning of each line, and of each
// line that is written over.
type Colours struct {
	W    io.Writer
	Mark string

	rest     string // of a sequence or a letter that is not complete
	begun    bool   // a line
	returned bool   // the last was \r
	coloured bool
}

// longest is how long a sequence may be that is waited for.
const longest = 1 << 12

// set matches the colours and styles that are passed on. Hidden text (8) is not.
var set = regexp.MustCompile("^\x1b\\[(?:0*(?:[0-79]|2[0-9]|[349][0-7]|39|49|10[0-7]|[34]8[;:](?:5[;:][0-9]+|2[;:][0-9]*[;:][0-9]+[;:][0-9]+(?:[;:][0-9]+)?))?;?)*m")

// begins matches the beginning of a sequence whose end has not come.
var begins = regexp.MustCompile("^\x1b(?:\\[[0-?]*[ -/]*|[]PX^_][^\x07\x1b\u009c\r\n]*\x1b?|[ -/]*)$")

// Text writes a piece of text.
func (c *Colours) Text(text string) error {
	var b strings.Builder
	text = c.rest + text
	c.rest = ""
	for len(text) > 0 {
		if text[0] == '\x1b' {
			if found := sequence.FindStringIndex(text); found != nil && found[0] == 0 {
				if kept := text[:found[1]]; set.MatchString(kept) {
					c.begin(&b)
					b.WriteString(kept)
					c.coloured = true
				}
				text = text[found[1]:]
				continue
			}
			if len(text) < longest && begins.MatchString(text) {
				c.rest = text
				break
			}
		}
		r, size := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && size == 1 && !utf8.FullRuneInString(text) {
			c.rest = text
			break
		}
		switch {
		case r == '\r':
			c.returned = true
		case r == '\n':
			c.begin(&b)
			b.WriteByte('\n')
			c.begun, c.returned = false, false
		default:
			end := size
			if text[0] != '\x1b' {
				if next := strings.IndexAny(text[size:], "\x1b\r\n"); next >= 0 {
					end = size + next
				} else {
					end = complete(text)
				}
			}
			c.over(&b)
			b.WriteString(escape(text[:end], func(r rune) bool { return r == '\t' }))
			size = end
		}
		text = text[size:]
	}
	_, err := io.WriteString(c.W, b.String())
	return err
}

// complete returns the length of a text without a last letter that is cut.
func complete(text string) int {
	for i := max(0, len(text)-utf8.UTFMax); i < len(text); i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRuneInString(text[i:]) && i > 0 {
			return i
		}
	}
	return len(text)
}

// begin begins a line where none is begun.
func (c *Colours) begin(b *strings.Builder) {
	if !c.begun {
		b.WriteString(c.Mark)
		c.begun = true
	}
}

// over begins a line, or the line anew after \r.
func (c *Colours) over(b *strings.Builder) {
	if c.returned && c.begun {
		b.WriteString("\r")
		c.begun = false
	}
	c.returned = false
	c.begin(b)
}

// End ends the last line, and what was coloured.
func (c *Colours) End() error {
	var b strings.Builder
	if c.rest != "" {
		c.over(&b)
		b.WriteString(escape(c.rest, func(rune) bool { return false }))
		c.rest = ""
	}
	if c.coloured {
		b.WriteString("\x1b[0m")
		c.coloured = false
	}
	if c.begun {
		b.WriteString("\n")
	}
	c.begun, c.returned = false, false
	_, err := io.WriteString(c.W, b.String())
	return err
}

package terminal

import (
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"no control", "a\tb\nc\n", "a\tb\nc\n"},
		{"colours", "\x1b[7m[[ Cell [1] Line 4 ]]\x1b[0m main.go:12", "[[ Cell [1] Line 4 ]] main.go:12"},
		{"256 colours", "\x1b[38;5;196mred\x1b[m", "red"},
		{"cursor", "\x1b[?25lhidden\x1b[2K\x1b[1A", "hidden"},
		{"window name, bell", "\x1b]0;name\x07text", "text"},
		{"hyperlink", "\x1b]8;;https://go.dev\x1b\\Go\x1b]8;;\x1b\\", "Go"},
		{"written over", "10 %\r50 %\r100 %\ndone", "100 %\ndone"},
		{"back at the start of the line", "100 %\r", "100 %"},
		{"lines of Windows", "a\r\nb\r\n", "a\nb\n"},
		{"Korean", "\x1b[1m합성곱\x1b[0m", "합성곱"},
		{"cut short", "text\x1b[", `text\x1b[`},
		{"graphics, reset, saved cursor", "\x1b(0\x1bc\x1b7x", "x"},
		{"DCS", "\x1bPq\x1b\\x", "x"},
		{"8-bit", "\u009b2Jx\x9b", `\u009b2Jx\x9b`},
		{"bell and backspace", "a\a\b", `a\x07\x08`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Plain(c.text); got != c.want {
				t.Errorf("Plain(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("\x1b[7mtext\x1b[0m\r\n")
	f.Add("\x1b]0;a\x07b\rc")
	f.Fuzz(func(t *testing.T, text string) {
		got := Plain(text)
		if strings.Count(got, "\n") > strings.Count(text, "\n") {
			t.Errorf("Plain(%q) = %q has more lines than its text", text, got)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return steers(r) && r != '\n' && r != '\t' }) {
			t.Errorf("Plain(%q) = %q steers a terminal", text, got)
		}
		if strings.Contains(got, "\r") {
			t.Errorf("Plain(%q) = %q still goes back in a line", text, got)
		}
	})
}

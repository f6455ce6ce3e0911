package terminal

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
)

func TestShown(t *testing.T) {
	for _, c := range []struct{ text, shown, line, name string }{
		{"합성곱 a b.ipynb", "합성곱 a b.ipynb", "합성곱 a b.ipynb", "합성곱 a b.ipynb"},
		{"a\nbob   ok  9 cells", "a\nbob   ok  9 cells", `a\nbob   ok  9 cells`, `"a\nbob   ok  9 cells"`},
		{"\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`, `\x1b[31mred\x1b[0m`, `"\x1b[31mred\x1b[0m"`},
		{"\x1bc\x1b(0\x1b7", `\x1bc\x1b(0\x1b7`, `\x1bc\x1b(0\x1b7`, `"\x1bc\x1b(0\x1b7"`},
		{"\x1b]0;own\x07", `\x1b]0;own\x07`, `\x1b]0;own\x07`, `"\x1b]0;own\x07"`},
		{"\u009b2J", `\u009b2J`, `\u009b2J`, `"\u009b2J"`},
		{"a\x9bb", `a\x9bb`, `a\x9bb`, `"a\x9bb"`},
		{"a\rb\r\nc", "a\\rb\nc", `a\rb\r\nc`, `"a\rb\r\nc"`},
		{"a\tb", "a\tb", `a\tb`, `"a\tb"`},
		{"\u202egpj.exe", `\u202egpj.exe`, `\u202egpj.exe`, `"\u202egpj.exe"`},
		{"a\u2028b", `a\u2028b`, `a\u2028b`, `"a\u2028b"`},
		{"\x00\x08\x7f", `\x00\x08\x7f`, `\x00\x08\x7f`, `"\x00\x08\x7f"`},
		{`a"b`, `a"b`, `a"b`, `"a\"b"`},
		{`a\b`, `a\b`, `a\b`, `"a\\b"`},
		{" a", " a", " a", `" a"`},
		{"", "", "", `""`},
		{"\xff\xfe", `\xff\xfe`, `\xff\xfe`, `"\xff\xfe"`},
		{"a\ufffdb", "a\ufffdb", "a\ufffdb", "a\ufffdb"},
	} {
		if got := Shown(c.text); got != c.shown {
			t.Errorf("Shown(%q) = %q, want %q", c.text, got, c.shown)
		}
		if got := Line(c.text); got != c.line {
			t.Errorf("Line(%q) = %q, want %q", c.text, got, c.line)
		}
		if got := Name(c.text); got != c.name && !windows {
			t.Errorf("Name(%q) = %q, want %q", c.text, got, c.name)
		}
	}
}

// TestPadded counts columns, not bytes or letters.
func TestPadded(t *testing.T) {
	for text, want := range map[string]string{"kim": "kim     |", "김민지": "김민지  |", "김 lee": "김 lee  |", "e\u0301": "e\u0301       |", "": "        |", "much too long": "much too long|"} {
		if got := Padded(text, 8) + "|"; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestColours(t *testing.T) {
	for _, c := range []struct {
		name   string
		pieces []string
		want   string
	}{
		{"lines", []string{"one\ntw", "o"}, "| one\n| two\n"},
		{"colours", []string{"\x1b[1;31mred\x1b[m\n"}, "| \x1b[1;31mred\x1b[m\n\x1b[0m"},
		{"colours that are left on", []string{"\x1b[38;5;196mred"}, "| \x1b[38;5;196mred\x1b[0m\n"},
		{"true colour", []string{"\x1b[48;2;1;2;3mx\n"}, "| \x1b[48;2;1;2;3mx\n\x1b[0m"},
		{"in pieces", []string{"\x1b", "[", "3", "1mred", "\x1b[0", "m\n"}, "| \x1b[31mred\x1b[0m\n\x1b[0m"},
		{"hidden", []string{"\x1b[8mhidden\x1b[0;8mtoo\n"}, "| hiddentoo\n"},
		{"cursor", []string{"\x1b[2J\x1b[1A\x1b[?25lx\n"}, "| x\n"},
		{"reset, graphics, saved cursor", []string{"\x1bc\x1b(0\x1b7\x1b#8x\n"}, "| x\n"},
		{"8-bit", []string{"\u009b2Jx\n", "\u009d0;t\u009cx\n"}, "| \\u009b2Jx\n| \\u009d0;t\\u009cx\n"},
		{"raw 8-bit", []string{"\x9b2Jx\n"}, "| \\x9b2Jx\n"},
		{"DCS, OSC, APC, PM, SOS", []string{"\x1bPq#0\x1b\\a\x1b]0;t\x07b\x1b]8;;u\x1b\\c\x1b_x\x1b\\d\x1b^x\x1b\\e\x1bXx\x1b\\f\n"}, "| abcdef\n"},
		{"OSC in pieces", []string{"\x1b]0;", "title", "\x1b", "\\x\n"}, "| x\n"},
		{"a string without end", []string{"\x1bPx\nbob ok\n"}, "| \\x1bPx\n| bob ok\n"},
		{"progress", []string{"10 %\r20 %\r", "100 %\n"}, "| 10 %\r| 20 %\r| 100 %\n"},
		{"Windows", []string{"a\r\nb\r", "\nc"}, "| a\n| b\n| c\n"},
		{"a row forged by \\r", []string{"x\rbob ok 9 cells\n"}, "| x\r| bob ok 9 cells\n"},
		{"backspace, bell, vertical tab", []string{"a\b\a\vb\n"}, "| a\\x08\\x07\\x0bb\n"},
		{"Korean in pieces", []string{"\xed\x95", "\xa9\n"}, "| 합\n"},
		{"cut letter", []string{"a\xed\x95"}, "| a\\xed\\x95\n"},
		{"tab", []string{"a\tb\n"}, "| a\tb\n"},
		{"bidi", []string{"a\u202eb\n"}, "| a\\u202eb\n"},
		{"nothing", []string{""}, ""},
		{"\\r alone", []string{"\r"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			out := Colours{W: &b, Mark: "| "}
			for _, piece := range c.pieces {
				if err := out.Text(piece); err != nil {
					t.Fatal(err)
				}
			}
			out.End()
			if b.String() != c.want {
				t.Errorf("%q gives %q, want %q", c.pieces, b.String(), c.want)
			}
		})
	}
}

func TestSimpleTerminals(t *testing.T) {
	for _, c := range []struct {
		term, all, ctype, lang string
		want                   bool
	}{
		{"xterm-256color", "", "", "ko_KR.UTF-8", false}, {"xterm", "C.UTF-8", "", "", false}, {"xterm", "", "", "", false}, {"xterm", "en_US.utf8", "", "C", false},
		{"dumb", "C.UTF-8", "", "", true}, {"", "", "", "C.UTF-8", !windows}, {"xterm", "C", "", "ko_KR.UTF-8", true}, {"xterm", "", "POSIX", "ko_KR.UTF-8", true},
		{"xterm", "", "", "ko_KR.EUC-KR", true}, {"xterm", "", "", "C", true},
	} {
		for name, value := range map[string]string{"TERM": c.term, "LC_ALL": c.all, "LC_CTYPE": c.ctype, "LANG": c.lang} {
			t.Setenv(name, value)
		}
		if got := IsSimple(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// FuzzColours makes sure that nothing but colours and \r reaches the terminal, however
// the text is cut, and that each line has its mark.
func FuzzColours(f *testing.F) {
	f.Add("\x1b[31mred\x1b[0m\r\n", "\x1b]0;a\x07b\rc\u009b\x9b")
	f.Add("\x1bP", "\x1b\\ \x1b(0")
	f.Fuzz(func(t *testing.T, one, two string) {
		var b bytes.Buffer
		c := Colours{W: &b, Mark: "| "}
		c.Text(one)
		c.Text(two)
		c.End()
		rest := b.String()
		for line := range strings.Lines(strings.TrimSuffix(rest, "\x1b[0m")) {
			for part := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), "\r") {
				if !strings.HasPrefix(part, "| ") {
					t.Fatalf("%q and %q give the line %q", one, two, line)
				}
			}
		}
		for rest != "" {
			i := strings.IndexByte(rest, '\x1b')
			if i < 0 {
				break
			}
			found := set.FindString(rest[i:])
			if found == "" {
				t.Fatalf("%q and %q give %q", one, two, rest[i:])
			}
			rest = rest[:i] + rest[i+len(found):]
		}
		for _, r := range rest {
			if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
				t.Fatalf("%q and %q leave %q", one, two, r)
			}
		}
	})
}

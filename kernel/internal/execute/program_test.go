package execute

import (
	"strings"
	"testing"
)

func TestMainNotesItsEnd(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"no main", "func f() {}", ""},
		{"main of GoNB", "%%\nf()", "%%\n" + atEnd + "f()"},
		{"with arguments", "%% -v 1\nf()", "%% -v 1\n" + atEnd + "f()"},
		{"commands first", "%%\n!ls \\\n-l\n%env A b\nf()", "%%\n!ls \\\n-l\n%env A b\n" + atEnd + "f()"},
		{"nothing in it", "%%", ""},
		{"a main of its own", "import \"os\"\n!ls\nfunc main() { os.Exit(0) }", "import \"os\"\n!ls\nfunc main() {" + atEnd + " os.Exit(0) }"},
		{"a method of that name", "func (x T) main() {}", ""},
		{"not Go", "func main() {{{", ""},
		{"a test", "%test\nfunc TestX(t *testing.T) {}", ""},
		{"a script", "%%bash\n%%\nf", ""},
	} {
		got, has := noted(c.code)
		if want := c.want != ""; has != want || want && got != c.want || !want && got != c.code {
			t.Errorf("%s: %q, %v, want %q", c.name, got, has, c.want)
		}
	}
}

// FuzzNoted makes sure that nothing but the note is added to a cell.
func FuzzNoted(f *testing.F) {
	f.Add("%%\n!a\nf()")
	f.Add("package main\nfunc main() {\n}\n")
	f.Fuzz(func(t *testing.T, code string) {
		got, has := noted(code)
		if strings.Replace(got, atEnd, "", 1) != code && !strings.Contains(code, atEnd) || has != (got != code) {
			t.Errorf("%q becomes %q", code, got)
		}
	})
}

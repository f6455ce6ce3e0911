package explain

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/kernel/internal/setup"
)

// TestHabits takes cells that beginners leave behind, with what Go v1.26 says of them.
func TestHabits(t *testing.T) {
	root, err := setup.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []struct {
		code string
		line int
		at   string // where Go's mark stands
		goes string
		want string
	}{
		{"=== epoch:1, train acc:0.141 ===", 1, "===", "expected declaration, found '=='", "This looks like the output of a cell"},
		{"%%\n[10 20 30 0.5] length 4", 2, "20", "expected ']', found 20", "This looks like the output of a cell"},
		{"?fmt.Println", 1, "?", "illegal character U+003F '?'", "press Shift+Tab"},
		{"fmt.Println?", 1, "fmt", "expected declaration, found fmt", "press Shift+Tab"},
		{"%%\nhelp(fmt)", 2, "help", "undefined: help", "press Shift+Tab"},
		{"func f(x) {\n\treturn 2*x\n}\n\n%%\nfmt.Println(f(3))", 1, "x)", "undefined: x", "x needs a type behind it: func f(x float64)"},
		{"func f(x float64) {\n\treturn 2*x\n}\n\n%%\nfmt.Println(f(3))", 2, "2*x", "too many return values", "f returns a value, and its first line promises none: write its type before the brace, func f(x float64) float64 {."},
		{"func g(x float64) float64 {\n\treturn 2*x\n\n%%\nfmt.Println(g(3))", 4, "%%", "expected '(', found main", "a } is missing above line 4"},
		{"func h(x float64) float64\n\treturn 2*x\n}\n\n%%\nfmt.Println(h(3))", 2, "return", "expected declaration, found 'return'", "The { of func h is missing: it belongs to the end of line 1"},
		{"%%\nif x := 3; x > 2\n{ fmt.Println(x) }", 2, "2", "expected '{', found newline", "The { belongs to the end of this line"},
		{"%%\nlet x = 3", 2, "x", "expected ';', found x", "x := …"},
		{"%%\nint x = 3", 2, "x", "expected ';', found x", "x := …"},
		{"import (\"fmt\", \"math\")\n\n%%\nfmt.Println(math.Pi)", 1, ",", "expected ';', found ','", "a line of its own, without commas"},
		{"%%\nx := 5\nfmt.Println(x++)", 3, "++", "missing ',' in argument list", "x++ is a line of its own"},
		{"%%\nfor i, x := range []int{1, 2} {\n\tfmt.Println(x)\n}", 2, "i,", "declared and not used: i", "write _ in its place, for _, x := range []int{1, 2} {"},
		{"%%\nfor i, x := range xs {\n\tfmt.Println(i)\n}", 2, "x :", "declared and not used: x", "leave it out, for i := range xs {"},
		{"%%\nprint(\"acc: %d\" % 3)", 2, "\"", "invalid operation: \"acc: %d\" % 3 (mismatched types untyped string and untyped int)", "fmt.Printf(\"acc: %d\\n\", 3)"},
		{"%%\nif \"a\" == 1 { }", 2, "1", "invalid operation: \"a\" == 1 (mismatched types untyped string and untyped int)", "A text and a number cannot be compared"},
		{"%%\nfunc() { fmt.Println(1) }", 2, "func", "func() {…} (value of type func()) is not used", "write () behind its last brace"},
		{"%%\nx := nil\nfmt.Println(x)", 2, "nil", "use of untyped nil in assignment", "var x []float64"},
		{"%%\nfmt.Println(“hello”)", 2, "“", "curly quotation mark '“' (use neutral '\"')", "type \" yourself"},
		{"%%\ns := \"abc\"\ns[0] = \"x\"", 3, "s", "cannot assign to s[0] (neither addressable nor a map index expression)", "The letters of a text cannot be changed"},
		{" %%\nfmt.Println(1)", 1, "%", "expected declaration, found '%'", "%% must begin its line: take the blanks before it out, in line 1."},
		{"%%\nfmt.Println(ndarray.Ones(2))", 2, "Ones", "undefined: ndarray.Ones", "The package ndarray has no Ones: write ndarray.Full[float64](1, 2, 3)."},
		{"%%\nfmt.Println(ndarray.Dot(a, b))", 2, "Dot", "undefined: ndarray.Dot", "write a.Dot(b)"},
		{"%%\nx := np.random.rand(3)", 2, "np", "undefined: np", "np.random.rand does is ndarray.Rand[float64](nprandom.New(0), 2, 3)"},
		{"%%\nx := np.linalg.svd(3)", 2, "np", "undefined: np", "NumPy is not available here"},
		{"%%\nfmt.Println(rand.random())", 2, "rand", "undefined: rand", "The package rand has no random"},

		// Nothing of it is meant here.
		{"%%\nx := []int{1}\nreturn x", 3, "x", "too many return values\n\thave ([]int)\n\twant ()", "what is below %% is the program itself"},
		{"%%\nfor i := range 3 {\n}", 2, "i", "declared and not used: i", "_ = i"},
		{"x := 3\n%%\nfmt.Println(x)", 1, "x", "expected declaration, found x", "Line 1 is a statement above %%"},
	} {
		source := strings.Split(h.code, "\n")[h.line-1]
		entry := fmt.Sprintf("Cell[1]: Line %d\nfunc main() {\n%s\n%s^\n}\n\n%s", h.line, source, strings.Repeat(" ", strings.Index(source, h.at)), strings.ReplaceAll(h.goes, "\n\t", "; "))
		if h.goes == "too many return values" {
			entry = strings.Replace(entry, h.goes, "too many return values; have (float64); want ()", 1)
		}
		said := Explain(&Failure{Code: h.code, Number: 1, Root: root, Traceback: []string{entry}})
		if !strings.Contains(said.Value, h.want) || len(said.Traceback) < 2 || !hangul.MatchString(said.Traceback[1]) || strings.Contains(strings.Join(said.Traceback[:2], ""), "$") {
			t.Errorf("to\n%s\nis said\n%s\nwant %q first, and Korean", h.code, strings.Join(said.Traceback, "\n"), h.want)
		}
	}
}

// What the hints name is there, so that they can be followed.
func TestNumPyIsThere(t *testing.T) {
	root, err := setup.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	files, _ := filepath.Glob(filepath.Join(root, "pkg", "ndarray", "*.go"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources.Write(text)
	}
	for name, here := range numpy {
		for _, m := range like(`\b(ndarray|a)\.(\w+)`).FindAllStringSubmatch(here, -1) {
			if !like(`(?m)^func (?:\(\w+ \*Array\[T\]\) )?` + m[2] + `[\[(]`).MatchString(sources.String()) {
				t.Errorf("%s is said to be %s, and there is no %s", name, here, m[2])
			}
		}
	}
}

package cell

import (
	"go/ast"
	"maps"
	"testing"
)

func TestComplete(t *testing.T) {
	for _, c := range []struct{ code, status, indent string }{
		{"", "complete", ""},
		{"%%\nfmt.Println(1)", "complete", ""},
		{"fmt.Println(1)", "complete", ""},
		{"import \"fmt\"", "complete", ""},
		{"func f() int {\n\treturn 1\n}", "complete", ""},
		{"func f() int {", "incomplete", "\t"},
		{"%%\nfor i := range 3 {", "incomplete", "\t"},
		{"%%\nfor i := range 3 {\n\tif i > 1 {", "incomplete", "\t\t"},
		{"%%\nx := f(1,", "incomplete", "\t"},
		{"%%\nx := 1 +", "incomplete", ""},
		{"%%\ns := `a\nb", "incomplete", ""},
		{"%%\ns := `a\nb`", "complete", ""},
		{"/* begun", "incomplete", ""},
		{"%%", "incomplete", ""},
		{"!ls", "complete", ""},
		{"!ls \\", "incomplete", ""},
		{"%env A=1", "complete", ""},
		{"%%bash\nif true; then", "complete", ""},
		{"%%\nx := 1)", "invalid", ""},
		{"func f() }", "invalid", ""},
		{"%%\nx = = 1", "invalid", ""},
		{"def f(x):\n    return x", "invalid", ""},
		{"%%\ns := \"a", "invalid", ""},
	} {
		if status, indent := Complete(c.code); status != c.status || indent != c.indent {
			t.Errorf("%q is %s with %q, want %s with %q", c.code, status, indent, c.status, c.indent)
		}
	}
}

func TestNames(t *testing.T) {
	kept, own := Read(`import "fmt"

var a, b = 1, 2
const c = 3
type T struct{}
func f() {}
func (T) method() {}
%env X=1
%%
x, y := 1, 2
var z int
for i := 0; i < 3; i++ {
	inner := i
}
fmt.Println(x, y, z)`).Names()
	if want := map[string]int{"a": 3, "b": 3, "c": 4, "T": 5, "f": 6}; !maps.Equal(kept, want) {
		t.Errorf("kept: %v, want %v", kept, want)
	}
	if want := map[string]int{"x": 10, "y": 10, "z": 11, "i": 12}; !maps.Equal(own, want) {
		t.Errorf("own: %v, want %v", own, want)
	}
	// What cannot be read to its end has the names before.
	if _, own := Read("%%\nx := 1\ny := 2 3").Names(); own["x"] != 2 {
		t.Errorf("of a broken cell: %v", own)
	}
}

func TestReceiver(t *testing.T) {
	file, _, err := Read("func f() {}\nfunc (T) a() {}\nfunc (x *T) b() {}\nfunc (x *(T[int])) c() {}\nfunc (T[K, V]) d() {}\nfunc (p.T) e() {}").Parse()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", "T", "T", "T", "T", "?"} {
		if got := Receiver(file.Decls[i].(*ast.FuncDecl)); got != want {
			t.Errorf("function %d is a method of %q, want %q", i, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("import \"fmt\"\n\n%%\nx := `a\n%b`\nfmt.Println(x)\n!ls \\\n")
	f.Add("//gonb:%%\n// 한글\n\x00")
	f.Fuzz(func(t *testing.T, code string) {
		c := Read(code)
		c.Names()
		c.Statements()
		if status, _ := Complete(code); status != "complete" && status != "incomplete" && status != "invalid" {
			t.Errorf("%q is %q", code, status)
		}
	})
}

package names

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestMeaning(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	const imports = "import (\n\t\"convbook/pkg/layers\"\n\tnd \"convbook/pkg/ndarray\"\n)\n\n"
	own := "// twice doubles.\nfunc twice(x int) int { return 2 * x }\n\nvar rate = 0.1\n\n%%\n"
	for _, c := range []struct {
		before, after string
		earlier       []string
		want          []string
	}{
		{imports + "%%\nlayers.Im2col", "", nil, []string{"func Im2col[T ndarray.Float](", "\n\nIm2col "}},
		{imports + "%%\nlayers.Im", "2col(x)", nil, []string{"func Im2col["}},
		{imports + "%%\nlayers.Im2col(x, 5", ", 5)", nil, []string{"func Im2col["}},
		{imports + "%%\nnd.Zeros[float64](2, ", "3)", nil, []string{"func Zeros[T Float](shape ...int) *Array[T]"}},
		{"%%\nlayers.Convolution", "", []string{imports}, []string{"type Convolution[T ndarray.Float] struct {", "Stride"}},
		{"%%\nmath.Pi", "", nil, []string{"Pi", "3.14159"}},
		{own + "twi", "ce(3)", nil, []string{"func twice(x int) int\n\ntwice doubles."}},
		{"%%\nrate", "", []string{own}, []string{"var rate = 0.1"}},
		{own + "rate = float64(twice(3))", "", nil, nil},
		{own + "twice(twice(3))", "", nil, []string{"func twice(x int) int"}},
		{own + "fmt.Println(twice(2)) ", "", nil, []string{"func Println(a ...any)"}},
		{"%%\n)", "", nil, nil},
		{"%%\nnothing", "", nil, nil},
		{"%%\nlayers.Nothing", "", nil, nil},
		{"%%\nnothing.Nothing(", "", nil, nil},
		{"", "", nil, nil},
		{"%%\nx.", "", nil, nil},
	} {
		got := Meaning(c.before, c.after, c.before+c.after, c.earlier, root).Text()
		if c.want == nil && got != "" {
			t.Errorf("%q|%q means %q, want nothing", c.before, c.after, got)
		}
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%q|%q means %q, want %q in it", c.before, c.after, got, want)
			}
		}
		if strings.Contains(got, "return 2") || strings.Contains(got, "\tcol ") {
			t.Errorf("%q|%q: %q has what a reader need not see", c.before, c.after, got)
		}
	}
}

func TestCommentsAreNoMarkdown(t *testing.T) {
	told := Told{"func Im2col()", "rows (N*OH*OW, C*filterH) of a_b"}
	if got, want := told.Markdown(), "```go\nfunc Im2col()\n```\n\nrows (N\\*OH\\*OW, C\\*filterH) of a\\_b"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

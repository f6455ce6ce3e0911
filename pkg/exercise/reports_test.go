package exercise

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/reports.txt anew")

// TestReports holds what students read to testdata/reports.txt: of each exercise the whole
// report on its first mistake and the hints of the others, then what is no answer at all.
func TestReports(t *testing.T) {
	var b strings.Builder
	section := func(title, text string) { b.WriteString("== " + title + "\n" + text + "\n") }
	var names []string
	for name := range answers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for i, check := range answers[name] {
			text, _ := report(t, check)
			switch _, hint, _ := strings.Cut(text, "Hint: "); {
			case i == 0:
				section(name, text)
			case i == 1:
				section(name+", the first mistake", text)
			default:
				section(name+", another mistake", "Hint: "+hint)
			}
		}
	}
	for _, c := range []struct {
		title string
		check func()
	}{
		{"nil", func() { Relu(func(x *Array) *Array { return nil }) }},
		{"a panic", func() { Relu(func(x *Array) *Array { return x.Index(5) }) }},
		{"a changed input", func() { Relu(func(x *Array) *Array { x.Fill(0); return x }) }},
		{"a wrong shape", func() { Affine(func(x, w, b *Array) *Array { return ndarray.Full(3., 1, 2) }) }},
		{"a mistake of one's own", func() { Relu(func(x *Array) *Array { return x.Scale(2) }) }},
		{"a number", func() {
			Number("parameters", 460800, 460850, Hint{Instead: 460800, English: "count the biases, too.", Korean: "편향도 세세요."})
		}},
		{"a number without a hint", func() { Number("parameters", 5, 460850) }},
		{"a shape", func() { Shape("shape of col", []int{90, 70}, []int{90, 75}) }},
		{"a shape with other axes", func() { Shape("shape of col", []int{90}, []int{90, 75}) }},
		{"an accuracy", func() { AtLeast("accuracy on test images", 0.8123, 0.85) }},
	} {
		text, _ := report(t, c.check)
		section(c.title, text)
	}
	const golden = "testdata/reports.txt"
	if *rewrite {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, wanted := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(wanted)) {
		if i >= len(got) || i >= len(wanted) || got[i] != wanted[i] {
			t.Fatalf("the reports differ from %s in line %d (go test ./pkg/exercise -rewrite writes it anew):\ngot  %q\nwant %q",
				golden, i+1, strings.Join(got[min(i, len(got)):min(i+1, len(got))], ""), strings.Join(wanted[min(i, len(wanted)):min(i+1, len(wanted))], ""))
		}
	}
}

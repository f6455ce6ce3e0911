package page

import (
	"strings"
	"testing"
)

func TestFolded(t *testing.T) {
	const imports = "import (\n\t\"convbook/pkg/figure\"\n\t\"fmt\"\n\trand \"math/rand/v2\"\n)\n"
	tagged := func(source string) cell {
		c := code(source)
		c["metadata"] = map[string]any{"tags": []string{foldTag}}
		return c
	}
	for _, c := range []struct {
		name string
		cell cell
		want []string // titles of what is folded
		open string   // code that is seen
	}{
		{"imports", code(imports + "\n%%\nshow()"), []string{"import figure, fmt, v2"}, "show"},
		{"one import", code("import \"fmt\"\n\n%%\nshow()"), nil, "fmt"},
		{"one import in brackets", code("import (\n\t\"fmt\"\n)\n\n%%\nshow()"), []string{"import fmt"}, "show"},
		{"imports later", code("func a() {}\n" + imports), nil, "figure"},
		{"helpers", tagged(imports + "\nfunc learn(x int) int {\n\treturn x\n}\n\ntype trial struct{}\n\nfunc (t trial) run() {}\n\n%%\nshow()"),
			[]string{"import figure, fmt, v2", "func learn, type trial, func run"}, "show"},
		{"helpers without the tag", code("func learn() {}\n\n%%\nshow()"), nil, "learn"},
		{"a tag and no helpers", tagged("%%\nshow()"), nil, "show"},
		{"a tag and no commands", tagged("func learn() {}"), nil, "learn"},
		{"Windows lines", code(strings.ReplaceAll(imports+"\n%%\nshow()", "\n", "\r\n")), []string{"import figure, fmt, v2"}, "show"},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := body(pageOf(t, c.cell))
			seen := page
			for _, want := range c.want {
				if !strings.Contains(page, `<details class="folded"><summary><code>`+want+`</code></summary>`) {
					t.Errorf("%q is not folded in\n%s", want, page)
				}
			}
			if got := strings.Count(page, "<details"); got != len(c.want) {
				t.Errorf("%d parts are folded, want %d", got, len(c.want))
			}
			for strings.Contains(seen, "<details") {
				before, rest, _ := strings.Cut(seen, "<details")
				_, after, _ := strings.Cut(rest, "</details>")
				seen = before + after
			}
			if !strings.Contains(seen, c.open) {
				t.Errorf("%q is not seen in\n%s", c.open, seen)
			}
		})
	}
}

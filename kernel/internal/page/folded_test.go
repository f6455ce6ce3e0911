package page

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestFolded(t *testing.T) {
	const imports = "import (\n\t\"convbook/pkg/figure\"\n\t\"fmt\"\n\trand \"math/rand/v2\"\n)\n"
	folding := func(source string, names ...string) cell {
		c := code(source)
		c["metadata"] = map[string]any{"convbook": map[string]any{"fold": names}}
		return c
	}
	const helpers = "// learn trains.\nfunc learn(x int) int {\n\tif x > 0 {\n\t\treturn x\n\t}\n\treturn 1\n}\n\ntype trial struct{}\n\n" +
		"func (t trial) run() {}\n\nvar (\n\trecordA = 1\n\trecordB = 2\n)\n\n%%\nshow()"
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
		{"helpers", folding(imports+"\n"+helpers, "learn", "recordA"), []string{"import figure, fmt, v2", "func learn", "var recordA"}, "trial"},
		{"a method", folding(helpers, "run"), []string{"func run"}, "recordB"},
		{"one line", folding(helpers, "trial"), []string{"type trial"}, "return"},
		{"all", folding("func learn() {\n}\n\n%%\nshow()", "learn"), []string{"func learn"}, "show"},
		{"helpers that are not named", code(helpers), nil, "learn"},
		{"helpers that are not there", folding(helpers, "gone"), nil, "learn"},
		{"no commands", folding("func learn() {\n}\n\nfunc other() {}", "learn"), []string{"func learn"}, "other"},
		{"parameters in two lines", folding("func learn(x int,\n\ty int) int {\n\treturn x // }\n}\n\nvar shown = 1\n\n%%\nshow()", "learn"), []string{"func learn"}, "shown"},
		{"a comment behind", folding("var learn = []int{1,\n\t2} // two\n\nvar shown = `\n}`\n\n%%\nshow()", "learn"), []string{"var learn"}, "shown"},
		{"of another form", folding("func learn() {", "learn"), []string{"func learn"}, ""},
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
			if (strings.Contains(seen, "// learn") || strings.Contains(seen, ">return<")) && slices.Contains(c.want, "func learn") {
				t.Errorf("a part of what is folded is seen in\n%s", seen)
			}
			if all := anyTag.ReplaceAllString(page, ""); !strings.Contains(all, "show()") && strings.Contains(c.cell["source"].(string), "show()") {
				t.Errorf("a part of the code is missing in\n%s", all)
			}
			if !strings.Contains(seen, c.open) {
				t.Errorf("%q is not seen in\n%s", c.open, seen)
			}
		})
	}
}

var anyTag = regexp.MustCompile(`<[^>]*>`)

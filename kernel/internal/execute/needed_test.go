package execute

import (
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

// What a cell does not use is neither compiled nor computed; what it declares itself
// is, each time, and what is wrong in it is said in its own lines.
func TestACellComputesWhatItUses(t *testing.T) {
	tools := kernelTools(t)
	k, err := Start(t.Context(), tools, tools.Root)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Stop()
	const told = "func tell() int {\n\tprintln(\"computed\")\n\treturn 42\n}\n\nvar told = tell()\n\ntype point struct{ x int }"
	for _, step := range []struct{ what, cell, want, not string }{
		{"a declaration alone is computed", told, "computed", ""},
		{"a cell that does not use it", "import \"fmt\"\n\n%%\nfmt.Println(\"two\")", "two", "computed"},
		{"a cell that uses it", "%%\nfmt.Println(told)", "computed", ""},
		{"the declaration again, unchanged", told, "computed", ""},
		{"a method of a type that nothing uses", "func (p point) double() int {\n\treturn \"x\"\n}", "cannot use \"x\"", ""},
		{"a function that nothing calls", "func broken() int {\n\tvar unused int\n\treturn 1\n}", "unused", ""},
		{"a second meaning of tell, which told has no use for", "func tell(word string) string { return word }\n\nvar told = 1", "", "computed"},
		{"a panic has its own line", "func deep(n int) int { return 1 / n }\n\n%%\nfmt.Println(told)\nfmt.Println(deep(0))", "divide by zero", "computed"},
	} {
		nb := &notebook.Notebook{Cells: []*notebook.Cell{{Kind: "code", Source: step.cell}}}
		Notebook(t.Context(), k, nb, Options{KeepGoing: true}, silent{}) // what fails says so in its output
		said := ""
		for _, output := range nb.Cells[0].Outputs {
			for _, key := range []string{"text", "evalue"} {
				text, _ := output[key].(string)
				said += text
			}
			lines, _ := output["traceback"].([]any)
			for _, line := range lines {
				text, _ := line.(string)
				said += text
			}
		}
		if !strings.Contains(said, step.want) || step.not != "" && strings.Contains(said, step.not) {
			t.Errorf("%s: the cell says %q", step.what, said)
		}
	}
}

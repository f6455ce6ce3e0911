package lesson

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"convbook/kernel/internal/notebook"
)

// foreign is what shows that an output came from a machine: paths of homes,
// temporary folders and workplaces, addresses in memory, and dates with a time.
var foreign = regexp.MustCompile(`(/home/|/root/|/Users/|/tmp/|/var/folders/|/work/|C:\\Users\\|main\.go:\d+ \+0x|` +
	`\b20\d\d[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|\b\d\d:\d\d:\d\d\.\d{3})`)

// Review lists what is wrong with a notebook as it stands in the course: exercises
// without solution, code that was not run or failed, figures and accuracies that
// are not as asked for, text without Korean, and traces of a machine.
func Review(nb *notebook.Notebook) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for i, c := range nb.Cells {
		switch {
		case c.Kind == "markdown":
			if text := prose(c.Source); len(strings.Fields(text)) > 6 && !strings.ContainsFunc(text, hangul) {
				fault("cell %d of the page has no Korean", i+1)
			}
		case c.HasTag("skip-execution"):
		case c.ExecutionCount == 0:
			fault("cell %d of the page has not been run", i+1)
		case !c.HasTag("raises-exception") && slices.ContainsFunc(c.Outputs, func(o notebook.Output) bool { return o["output_type"] == "error" }):
			fault("cell [%d] failed", c.ExecutionCount)
		}
		if trace := foreign.FindString(printed(c)); trace != "" {
			fault("cell [%d] shows %q, which belongs to one machine", c.ExecutionCount, trace)
		}
	}
	if err := Check(nb); err != nil {
		fault("%v", err)
	}
	copied := *nb
	copied.Cells = nil
	for _, c := range nb.Cells {
		cell := *c
		copied.Cells = append(copied.Cells, &cell)
	}
	if _, err := Solve(&copied); err != nil {
		fault("%v", err)
	}
	return faults
}

var fenced = regexp.MustCompile("(?s)```.*?```|<[^>]*>|\\|[^\\n]*\\|")

// prose is a Markdown text without code, tags and tables.
func prose(source string) string { return fenced.ReplaceAllString(source, "") }

func hangul(r rune) bool { return unicode.Is(unicode.Hangul, r) }

package convnet

import (
	"strings"
	"unicode/utf8"
)

// printedWidth is how many letters the lines of Summary and Plan have at most, as far as
// names and shapes allow: as many as a phone shows.
const printedWidth = 45

// printed is a table whose rows may have remarks, which stand indented below them.
type printed struct {
	rows    [][]string
	remarks [][]string
	right   int // the column whose texts end at the right, -1 for none
}

func (t *printed) add(remarks []string, cells ...string) {
	t.rows, t.remarks = append(t.rows, cells), append(t.remarks, remarks)
}

func (t *printed) String() string {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for r, row := range t.rows {
		line := ""
		for i, cell := range row {
			room := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == t.right {
				line += room + cell + "  "
			} else {
				line += cell + room + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
		for _, remark := range t.remarks[r] {
			b.WriteString("  " + remark + "\n")
		}
	}
	return b.String()
}

// remarked breaks a text into lines that fit below a row: the branches of a block each on
// one of its own, and others between words.
func remarked(text string) (lines []string) {
	for i, branch := range strings.Split(text, " | ") {
		line := ""
		if i > 0 {
			line = "|"
		}
		for _, word := range strings.Fields(branch) {
			if line != "" && utf8.RuneCountInString(line+" "+word) > printedWidth-2 {
				lines = append(lines, line)
				line = " "
			}
			if line != "" {
				line += " "
			}
			line += word
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

package mark

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"convbook/kernel/internal/terminal"
)

// Marked is a hand-in with what came of it.
type Marked struct {
	HandIn
	*Result
}

// CSV returns a table of all verdicts that spreadsheets open: in UTF-8 with its mark, for
// names in Korean, and without a cell that would be a formula.
func CSV(all []Marked) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	w.Write([]string{"student", "notebook", "exercise", "verdict", "points", "seconds", "reason", "version", "file"})
	for _, m := range all {
		for _, v := range m.Verdicts {
			row := []string{m.Student, m.Notebook, v.Check, string(v.Outcome), strconv.Itoa(v.Points()),
				fmt.Sprintf("%.2f", v.Took.Seconds()), firstLine(v.Reason), m.Older, m.File}
			for i, cell := range row {
				row[i] = noFormula(cell)
			}
			w.Write(row)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// noFormula returns the text of a cell that a spreadsheet shows as it is: an apostrophe
// goes before what would be computed. No letter steers a terminal.
func noFormula(text string) string {
	text = terminal.Line(text)
	if trimmed := strings.TrimLeft(text, " \u00a0\u3000"); trimmed != "" && strings.ContainsRune("=+-@|%＝＋－＠\t\r\n\\", []rune(trimmed)[0]) && text != "-" {
		return "'" + text
	}
	return text
}

package display

import (
	"html"
	"strings"

	"convbook/pkg/internal/bilingual"

	"golang.org/x/text/width"
)

// Table is a table of texts. Columns whose cells all begin with a digit, a sign or
// a point stand to the right. Rows may be shorter or longer than the header. A text in two
// languages, "layer · 계층", has a line for each; the terms of the field have their Korean form
// in the header by themselves.
type Table struct {
	Header []string
	Rows   [][]string
}

// Tabular is what Show shows as a Table: whatever has a header and rows.
type Tabular interface {
	Cells() (header []string, rows [][]string)
}

// Cells returns header and rows.
func (t Table) Cells() (header []string, rows [][]string) { return t.Header, t.Rows }

func tableOf(t Tabular) Table {
	header, rows := t.Cells()
	return Table{header, rows}
}

// columns is the number of columns of the widest row.
func (t Table) columns() int {
	n := len(t.Header)
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	return n
}

// numeric reports whether a column holds numbers, empty cells aside.
func (t Table) numeric(column int) bool {
	found := false
	for _, row := range t.Rows {
		if column >= len(row) {
			continue
		}
		cell := strings.TrimSpace(row[column])
		switch {
		case cell == "" || cell == "-" || cell == "–" || cell == "NaN":
		case strings.ContainsRune("0123456789+-−.±", []rune(cell)[0]):
			found = true
		default:
			return false
		}
	}
	return found
}

func (t Table) html() string {
	var b strings.Builder
	b.WriteString(`<div style="overflow-x:auto"><table style="border-collapse:collapse;font-variant-numeric:tabular-nums">`)
	cells := func(tag string, row []string) {
		b.WriteString("<tr>")
		for column := range t.columns() {
			align, cell := "left", ""
			if t.numeric(column) {
				align = "right"
			}
			if column < len(row) {
				cell = row[column]
			}
			b.WriteString("<" + tag + ` style="text-align:` + align + `;padding:0.25em 0.5em">` + cellHTML(cell, tag == "th") + "</" + tag + ">")
		}
		b.WriteString("</tr>\n")
	}
	if len(t.Header) > 0 {
		b.WriteString("<thead>")
		cells("th", t.Header)
		b.WriteString("</thead>")
	}
	b.WriteString("<tbody>\n")
	for _, row := range t.Rows {
		cells("td", row)
	}
	b.WriteString("</tbody></table></div>")
	return b.String()
}

// cellHTML is the text of a cell, each language in a line of its own.
func cellHTML(cell string, head bool) string {
	text := bilingual.Of(cell)
	if text.Korean == "" || !head && bilingual.Korean(cell) != "" {
		return html.EscapeString(cell)
	}
	return `<div lang="en">` + html.EscapeString(text.English) + `</div><div lang="ko" style="font-weight:normal;font-size:0.92em">` + html.EscapeString(text.Korean) + `</div>`
}

// korean is the header's line in Korean, nil where there is none.
func (t Table) korean() []string {
	line, some := make([]string, len(t.Header)), false
	for i, cell := range t.Header {
		line[i] = bilingual.Of(cell).Korean
		some = some || line[i] != ""
	}
	if !some {
		return nil
	}
	return line
}

func (t Table) english() []string {
	line := make([]string, len(t.Header))
	for i, cell := range t.Header {
		line[i] = bilingual.Of(cell).English
	}
	return line
}

// text aligns the columns with spaces, two between them, with a rule under the
// header.
func (t Table) text() string {
	widths := make([]int, t.columns())
	english, korean := t.english(), t.korean()
	for _, row := range append([][]string{english, korean}, t.Rows...) {
		for column, cell := range row {
			widths[column] = max(widths[column], columnsOf(cell))
		}
	}
	var b strings.Builder
	line := func(row []string) {
		var l strings.Builder
		for column, w := range widths {
			cell := ""
			if column < len(row) {
				cell = row[column]
			}
			space := strings.Repeat(" ", w-columnsOf(cell))
			if column > 0 {
				l.WriteString("  ")
			}
			if t.numeric(column) {
				l.WriteString(space + cell)
			} else {
				l.WriteString(cell + space)
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	if len(t.Header) > 0 {
		line(english)
		if korean != nil {
			line(korean)
		}
		rule := make([]string, len(widths))
		for column, w := range widths {
			rule[column] = strings.Repeat("-", w)
		}
		line(rule)
	}
	for _, row := range t.Rows {
		line(row)
	}
	return b.String()
}

// columnsOf is how many columns of a terminal a text takes: two for a Korean
// syllable.
func columnsOf(text string) int {
	n := 0
	for _, r := range text {
		n++
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

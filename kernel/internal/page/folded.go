package page

import (
	"fmt"
	"html/template"
	"path"
	"regexp"
	"strings"

	"convbook/kernel/internal/notebook"
)

// foldTag is the tag of a code cell whose declarations hide the idea: a page folds them.
const foldTag = "fold-declarations"

// piece is a part of a code cell, folded where it has a title.
type piece struct{ title, source string }

var (
	imports     = regexp.MustCompile(`\A\s*import \([^)]*\)[^\S\n]*\n`)
	importPath  = regexp.MustCompile(`"([^"\n]+)"`)
	commands    = regexp.MustCompile(`(?m)^%%`)
	declaration = regexp.MustCompile(`(?m)^(func|type|var|const) (?:\([^)]*\) )?(\w+)`)
)

// pieces cuts a code cell into what a page shows and what it folds: a list of imports at
// its head, and in a cell with the tag all that stands above %%.
func pieces(c *notebook.Cell) []piece {
	source := strings.ReplaceAll(c.Source, "\r\n", "\n")
	var all []piece
	if head := imports.FindString(source); head != "" {
		var names []string
		for _, found := range importPath.FindAllStringSubmatch(head, -1) {
			names = append(names, path.Base(found[1]))
		}
		if strings.Count(strings.TrimSpace(head), "\n") > 1 && len(names) > 0 {
			all = append(all, piece{"import " + strings.Join(names, ", "), strings.Trim(head, "\n")})
			source = strings.TrimLeft(source[len(head):], "\n")
		}
	}
	if at := commands.FindStringIndex(source); at != nil && c.HasTag(foldTag) {
		if title := declared(source[:at[0]]); title != "" {
			all = append(all, piece{title, strings.Trim(source[:at[0]], "\n")})
			source = source[at[0]:]
		}
	}
	return append(all, piece{"", source})
}

// declared names what a text declares: "func learn, type trial".
func declared(source string) string {
	var names []string
	kind := ""
	for _, found := range declaration.FindAllStringSubmatch(source, -1) {
		if found[1] != kind {
			kind = found[1]
			found[2] = kind + " " + found[2]
		}
		names = append(names, found[2])
	}
	return strings.Join(names, ", ")
}

// codeCell shows the code of a cell.
func codeCell(c *notebook.Cell) template.HTML {
	var b strings.Builder
	for _, p := range pieces(c) {
		shown, err := highlight(p.source)
		if err != nil {
			shown = pre(p.source)
		}
		if p.title == "" {
			b.WriteString(string(shown))
			continue
		}
		fmt.Fprintf(&b, `<details class="folded"><summary><code>%s</code></summary>%s</details>`, template.HTMLEscapeString(p.title), shown)
	}
	return template.HTML(b.String())
}

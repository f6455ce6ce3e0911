package page

import (
	"fmt"
	"html/template"
	"path"
	"regexp"
	"slices"
	"strings"

	"convbook/kernel/internal/notebook"
)

// piece is a part of a code cell, folded where it has a title.
type piece struct{ title, source string }

var (
	imports     = regexp.MustCompile(`\A\s*import \([^)]*\)[^\S\n]*\n`)
	importPath  = regexp.MustCompile(`"([^"\n]+)"`)
	commands    = regexp.MustCompile(`(?m)^%%`)
	declaration = regexp.MustCompile(`(?m)^(?://.*\n)*(func|type|var|const) (?:\([^)\n]*\) )?(?:\(\n\s*)?(\w+)`)
)

// pieces cuts a code cell into what a page shows and what it folds: a list of imports at
// its head, and the declarations that the cell's metadata names because they hide its idea:
//
//	{"convbook": {"fold": ["try", "seconds"]}}
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
	var about struct{ Fold []string }
	if c.Metadata("convbook", &about); len(about.Fold) == 0 {
		return append(all, piece{"", source})
	}
	end := len(source)
	if at := commands.FindStringIndex(source); at != nil {
		end = at[0]
	}
	open := 0 // where what is shown begins
	for _, d := range declarations(source[:end]) {
		if !slices.Contains(about.Fold, d.name) {
			continue
		}
		if shown := strings.Trim(source[open:d.from], "\n"); shown != "" {
			all = append(all, piece{"", shown})
		}
		all = append(all, piece{d.kind + " " + d.name, source[d.from:d.to]})
		open = d.to
	}
	return append(all, piece{"", strings.TrimLeft(source[open:], "\n")})
}

// declared is a declaration with the comment above it.
type declared struct {
	kind, name string
	from, to   int
}

// declarations finds what formatted code declares: each ends with its line, or with the
// bracket at the beginning of a line that closes what its line opens.
func declarations(source string) (all []declared) {
	for _, at := range declaration.FindAllStringSubmatchIndex(source, -1) {
		d := declared{kind: source[at[2]:at[3]], name: source[at[4]:at[5]], from: at[0], to: len(source)}
		line, _, more := strings.Cut(source[at[2]:], "\n")
		if more && !strings.HasSuffix(line, "{") && !strings.HasSuffix(line, "(") {
			d.to = at[2] + len(line)
		} else if close := lastLine.FindStringIndex(source[at[2]:]); close != nil {
			d.to = at[2] + close[1]
		}
		all = append(all, d)
	}
	return all
}

var lastLine = regexp.MustCompile(`(?m)^[})].*$`)

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

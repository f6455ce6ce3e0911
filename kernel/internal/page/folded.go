package page

import (
	"fmt"
	"go/scanner"
	"go/token"
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

// declarations finds what code declares.
func declarations(source string) (all []declared) {
	end := 0
	for _, at := range declaration.FindAllStringSubmatchIndex(source, -1) {
		if at[0] >= end { // not within another
			end = at[2] + statement(source[at[2]:])
			all = append(all, declared{source[at[2]:at[3]], source[at[4]:at[5]], at[0], end})
		}
	}
	return all
}

// statement returns the length of the first statement of code: up to the end of the line
// in which all brackets are closed.
func statement(source string) int {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	s.Init(file, []byte(source), nil, 0)
	for depth := 0; ; {
		switch at, tok, text := s.Scan(); {
		case tok == token.EOF:
			return len(source)
		case tok == token.LBRACE || tok == token.LPAREN || tok == token.LBRACK:
			depth++
		case tok == token.RBRACE || tok == token.RPAREN || tok == token.RBRACK:
			depth--
		case tok == token.SEMICOLON && text == "\n" && depth <= 0:
			return file.Offset(at)
		}
	}
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

package names

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	qualified = regexp.MustCompile(`(?:^|[^\w.)\]])([A-Za-z_]\w*)\.(\w*)$`)
	called    = regexp.MustCompile(`([A-Za-z_][\w.]*)(?:\[[^\]]*\])?\([^()]*$`)
	simple    = regexp.MustCompile(`(?:^|[^\w.])([A-Za-z_]\w*)$`)
	going     = regexp.MustCompile(`^\w*`)
)

// Told is how a name is declared, in Go, and what its comment says.
type Told struct{ Declaration, Comment string }

// Text returns both as text.
func (t Told) Text() string { return strings.TrimSpace(t.Declaration + "\n\n" + t.Comment) }

// Markdown returns both as Markdown.
func (t Told) Markdown() string {
	if t.Declaration == "" {
		return ""
	}
	return strings.TrimSpace("```go\n" + t.Declaration + "\n```\n\n" + signs.Replace(t.Comment))
}

// signs mean something in Markdown, and nothing in a comment: N*OH*OW.
var signs = strings.NewReplacer("*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "<", `\<`, "$", `\$`)

// Meaning returns what is told of the name at a place of a cell; nothing where that is not
// known. Between the parentheses of a call, and behind them, it is about what is called.
// Values and their methods are not known here.
func Meaning(before, after, code string, earlier []string, root string) Told {
	_, line, _ := cutLast(before, "\n")
	whole := line + going.FindString(after)
	if found := meaningOf(whole, code, earlier, root); found.Declaration != "" {
		return found
	}
	if m := called.FindStringSubmatch(line); m != nil {
		return meaningOf(m[1], code, earlier, root)
	}
	return meaningOf(beforeCall(line), code, earlier, root)
}

// beforeCall returns what stands before the parentheses of a call that a line ends with.
func beforeCall(line string) string {
	line = strings.TrimRight(line, " \t")
	if !strings.HasSuffix(line, ")") {
		return ""
	}
	open := 0
	for at := len(line) - 1; at >= 0; at-- {
		switch line[at] {
		case ')':
			open++
		case '(':
			if open--; open == 0 {
				return line[:at]
			}
		}
	}
	return ""
}

func meaningOf(text, code string, earlier []string, root string) Told {
	if m := qualified.FindStringSubmatch(text); m != nil {
		folder := FolderOf(m[1], code, earlier, root)
		if folder == "" {
			return Told{}
		}
		files, _ := filepath.Glob(filepath.Join(folder, "*.go"))
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			if found := declared(file, nil, m[2]); found.Declaration != "" {
				return found
			}
		}
		return Told{}
	}
	if m := simple.FindStringSubmatch(text); m != nil {
		for _, source := range append([]string{code}, earlier...) {
			above, _, _ := strings.Cut("\n"+source, "\n%%")
			if found := declared("", "package main\n"+above, m[1]); found.Declaration != "" {
				return found
			}
		}
	}
	return Told{}
}

// declared returns the declaration of a name in a file or its text, without the bodies
// and what a type does not export.
func declared(file string, text any, name string) Told {
	files := token.NewFileSet()
	parsed, _ := parser.ParseFile(files, file, text, parser.ParseComments|parser.SkipObjectResolution)
	if parsed == nil {
		return Told{}
	}
	for _, d := range parsed.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == name {
				doc := d.Doc
				d.Doc, d.Body = nil, nil
				return printed(files, d, doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					if spec.Name.Name != name {
						continue
					}
					doc := spec.Doc
					if doc == nil {
						doc = d.Doc
					}
					if s, ok := spec.Type.(*ast.StructType); ok && file != "" {
						exportedFields(s)
					}
					spec.Doc = nil
					return printed(files, &ast.GenDecl{Tok: token.TYPE, Specs: []ast.Spec{spec}}, doc)
				case *ast.ValueSpec:
					for _, n := range spec.Names {
						if n.Name != name {
							continue
						}
						doc := spec.Doc
						if doc == nil {
							doc = d.Doc
						}
						spec.Doc = nil
						return printed(files, &ast.GenDecl{Tok: d.Tok, Specs: []ast.Spec{spec}}, doc)
					}
				}
			}
		}
	}
	return Told{}
}

func exportedFields(s *ast.StructType) {
	var kept []*ast.Field
	for _, f := range s.Fields.List {
		if len(f.Names) == 0 || f.Names[0].IsExported() {
			kept = append(kept, f)
		}
	}
	s.Fields.List = kept
}

func printed(files *token.FileSet, declaration any, doc *ast.CommentGroup) Told {
	var b bytes.Buffer
	config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 4}
	if config.Fprint(&b, files, declaration) != nil {
		return Told{}
	}
	return Told{strings.TrimSpace(b.String()), strings.TrimSpace(doc.Text())}
}

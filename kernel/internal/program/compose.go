// Package program writes the program that GoNB makes of a cell, and says what it
// costs to build.
package program

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"
)

// declarations are what cells have declared: the text of each by its name. As in
// GoNB, a later one replaces an earlier one of the same name.
type declarations struct {
	imports  map[string]*ast.ImportSpec
	texts    map[string]string
	commands string // the text of func main, if the last cell has one
}

// Compose returns the program of the last of the cells: the declarations of all of
// them and the commands of the last, with the imports that these use. (GoNB,
// internal/goexec/composer.go) The error says what is no Go, or not imported.
func Compose(cells []string) ([]byte, error) {
	d := declarations{imports: map[string]*ast.ImportSpec{}, texts: map[string]string{}}
	for i, cell := range cells {
		if err := d.add(cell); err != nil {
			return nil, fmt.Errorf("code cell %d: %w", i+1, err)
		}
	}
	var body strings.Builder
	for _, name := range slices.Sorted(maps.Keys(d.texts)) {
		fmt.Fprintf(&body, "%s\n\n", d.texts[name])
	}
	body.WriteString(d.commands)

	used, err := packages(body.String())
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	text.WriteString("package main\n\nimport (\n")
	for _, name := range slices.Sorted(maps.Keys(used)) {
		spec, found := d.imports[name]
		switch {
		case found && spec.Name != nil:
			fmt.Fprintf(&text, "\t%s %s\n", spec.Name.Name, spec.Path.Value)
		case found:
			fmt.Fprintf(&text, "\t%s\n", spec.Path.Value)
		case name == "flag" || name == "fmt": // GoNB's own, and what a trivial cell prints with
			fmt.Fprintf(&text, "\t%q\n", name)
		default:
			return nil, fmt.Errorf("%s is used in code cell %d, and no cell up to there imports it; import it there, so that goimports need not search for it", name, len(cells))
		}
	}
	text.WriteString(")\n\n" + body.String())
	return format.Source([]byte(text.String()))
}

// add takes in the declarations and the commands of a cell.
func (d *declarations) add(cell string) error {
	d.commands = ""
	source := goText(cell)
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return err
	}
	text := func(n ast.Node) string { return source[files.Position(n.Pos()).Offset:files.Position(n.End()).Offset] }
	for _, spec := range file.Imports {
		name := path.Base(strings.Trim(spec.Path.Value, `"`))
		if spec.Name != nil {
			name = spec.Name.Name
		}
		d.imports[name] = spec
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			name := decl.Name.Name
			switch {
			case decl.Recv != nil:
				d.texts[strings.TrimPrefix(text(decl.Recv.List[0].Type), "*")+"~"+name] = text(decl)
			case name == "main":
				d.commands = text(decl)
			default:
				d.texts[name] = text(decl)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					d.texts[spec.Name.Name] = "type " + text(spec)
				case *ast.ValueSpec:
					if decl.Tok == token.CONST { // a whole block, for its iota
						d.texts[spec.Names[0].Name] = text(decl)
						break
					}
					d.texts[spec.Names[0].Name] = "var " + text(spec)
				}
				if decl.Tok == token.CONST {
					break
				}
			}
		}
	}
	return nil
}

// goText returns the Go of a cell: what stands behind %% becomes func main, and
// lines for GoNB itself are left out.
func goText(cell string) string {
	text := strings.Builder{}
	text.WriteString("package main\n\n")
	end := ""
	for line := range strings.Lines(cell) {
		switch {
		case strings.TrimSpace(line) == "%%":
			text.WriteString("func main() {\n\tflag.Parse()\n")
			end = "\n}\n"
		case strings.HasPrefix(line, "%") || strings.HasPrefix(line, "!"):
		default:
			text.WriteString(line)
		}
	}
	return text.String() + "\n" + end
}

// packages returns the names that stand before a point in a text and are declared
// nowhere in it: those of imported packages.
func packages(text string) (map[string]bool, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package main\n"+text, 0)
	if err != nil {
		return nil, err
	}
	unresolved := map[*ast.Ident]bool{}
	for _, id := range file.Unresolved {
		unresolved[id] = true
	}
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && unresolved[id] {
				used[id.Name] = true
			}
		}
		return true
	})
	return used, nil
}

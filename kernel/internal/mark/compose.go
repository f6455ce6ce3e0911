package mark

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strings"

	"convbook/kernel/internal/cell"
	"convbook/kernel/internal/needed"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/program"
)

// remotePackage is what the two programs speak by.
const remotePackage = `import "convbook/pkg/internal/remote"`

// answerProgram is the text of a program that answers for the named declarations of a
// hand-in. What the hand-in lacks is as in the notebook of the course, so that an answer
// that was deleted is one that is not written.
func answerProgram(n *Notebook, handIn *notebook.Notebook, names, packages []string) ([]byte, error) {
	cells := []string{imports(packages)}
	for _, source := range n.cells {
		cells = append(cells, declarations(source))
	}
	for _, c := range handIn.Cells {
		if text := declarations(c.Source); c.Kind == "code" && parses(text) == nil {
			cells = append(cells, text)
		}
	}
	var main strings.Builder
	main.WriteString(remotePackage + "\n\n%%\n")
	for i, name := range names {
		fmt.Fprintf(&main, "convbookAnswer%d := %s\n", i, name)
	}
	main.WriteString("remote.Serve(map[string]any{")
	for i, name := range names {
		fmt.Fprintf(&main, "%q: &convbookAnswer%d, ", name, i)
	}
	main.WriteString("})\n")
	return composed(append(cells, main.String()))
}

// checkProgram is the text of the program that does one of the checks of an exercise.
func checkProgram(n *Notebook, e *Exercise, number int, packages []string) ([]byte, error) {
	stubs, err := stubs(e.parts.Answer)
	if err != nil {
		return nil, err
	}
	cells := []string{imports(packages)}
	for _, source := range n.cells {
		cells = append(cells, declarations(source))
	}
	return composed(append(cells, remotePackage+"\n\n"+stubs, remotePackage+"\n"+e.parts.Each[number].Source))
}

// composed is the program of cells without what its main does not lead to.
func composed(cells []string) ([]byte, error) {
	text, err := program.Compose(cells)
	if err != nil {
		return nil, err
	}
	less, err := needed.Program(text, nil)
	if less == nil {
		less = text
	}
	return less, err
}

// declarations is what a cell declares, whatever it would run.
func declarations(source string) string { return cell.Read(source).Declarations() }

// parses returns the error of what is not Go.
func parses(text string) error {
	_, err := parser.ParseFile(token.NewFileSet(), "cell", "package main;"+text, parser.SkipObjectResolution)
	return err
}

// imports is a cell that imports packages, each by another name: the first of two of one
// name counts.
func imports(packages []string) string {
	var b strings.Builder
	b.WriteString("import (\n")
	seen := map[string]bool{}
	for _, p := range packages {
		name := path.Base(p)
		if seen[name] || !token.IsIdentifier(name) {
			continue
		}
		seen[name] = true
		fmt.Fprintf(&b, "\t%q\n", p)
	}
	b.WriteString(")\n")
	return b.String()
}

// stubs puts into the place of each function and variable of a skeleton the one of that
// name in the other process.
func stubs(skeleton string) (string, error) {
	const before = "package main;"
	files := token.NewFileSet()
	source := before + skeleton
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	text := func(n ast.Node) string { return source[files.Position(n.Pos()).Offset:files.Position(n.End()).Offset] }
	var b strings.Builder
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil || d.Type.TypeParams != nil {
				return "", fmt.Errorf("%s cannot be called from another process: it is a method or generic", d.Name.Name)
			}
			signature := "func" + source[files.Position(d.Type.Params.Pos()).Offset:files.Position(d.Type.End()).Offset]
			fmt.Fprintf(&b, "var %s = remote.Func[%s](%q)\n", d.Name.Name, signature, d.Name.Name)
		case *ast.GenDecl:
			if d.Tok != token.VAR {
				continue
			}
			for _, spec := range d.Specs {
				v := spec.(*ast.ValueSpec)
				if len(v.Values) != len(v.Names) {
					return "", errors.New("a variable of an exercise needs a value that says its type")
				}
				var names, values []string
				for i, name := range v.Names {
					names = append(names, name.Name)
					values = append(values, fmt.Sprintf("remote.Value(%q, %s)", name.Name, text(v.Values[i])))
				}
				fmt.Fprintf(&b, "var %s = %s\n", strings.Join(names, ", "), strings.Join(values, ", "))
			}
		}
	}
	return b.String(), nil
}

// answers lists what a skeleton asks for: its functions and variables.
func answers(skeleton string) (names []string) {
	file, _ := parser.ParseFile(token.NewFileSet(), "", "package main;"+skeleton, parser.SkipObjectResolution)
	if file == nil {
		return nil
	}
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok != token.VAR {
			continue
		}
		names = append(names, cell.Declared(d)...)
	}
	return names
}

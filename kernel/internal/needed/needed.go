// Package needed leaves out of a cell's program what the cell does not use. GoNB gives
// every program the declarations of all cells before it; most cells use a few of them,
// and what is not there need not be compiled, linked or computed.
//
// The front writes down what a cell declares itself (Write). The go command that GoNB
// finds (kernel/front/go) builds the program with Overlay in place of its text. Lines
// keep their numbers.
package needed

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"convbook/kernel/internal/cell"
)

// names is the file, in the folder that GoNB makes its own folder in, of what the cell
// that runs declares.
const names = "declared.json"

// Write notes what a cell declares in the folder that GoNB makes its own folder in.
// Nothing is left out of the program of a cell that is no Go.
func Write(folder, code string) error {
	path := filepath.Join(folder, names)
	file, _, err := cell.Read(code).Parse()
	if err != nil {
		if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	declared := []string{}
	for _, d := range file.Decls {
		declared = append(declared, itemsOf(d).names()...)
	}
	text, err := json.Marshal(declared)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

// Overlay writes, beside GoNB's folder, what the program main.go in that folder needs,
// and returns the path of a file for go build's -overlay; "" where all of it is needed.
func Overlay(folder string) (string, error) {
	above := filepath.Dir(folder)
	text, err := os.ReadFile(filepath.Join(above, names))
	if err != nil {
		return "", err
	}
	var declared []string
	if err := json.Unmarshal(text, &declared); err != nil {
		return "", err
	}
	program := filepath.Join(folder, "main.go")
	source, err := os.ReadFile(program)
	if err != nil {
		return "", err
	}
	less, err := Program(source, declared)
	if err != nil || less == nil {
		return "", err
	}
	replaced := filepath.Join(above, "needed.go")
	if err := os.WriteFile(replaced, less, 0o600); err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {program: replaced}})
	if err != nil {
		return "", err
	}
	path := filepath.Join(above, "overlay.json")
	return path, os.WriteFile(path, overlay, 0o600)
}

// Program returns a program without the declarations that neither main nor those of
// some names lead to, with spaces in their place; nil where all are needed. What a
// blank variable computes and what init does stays.
func Program(source []byte, declared []string) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, spec := range file.Imports {
		if spec.Path.Value == `"C"` || spec.Name != nil && spec.Name.Name == "." {
			return nil, nil // names may stand for what cannot be seen here
		}
	}
	var all items
	for _, d := range file.Decls {
		all = append(all, itemsOf(d)...)
	}
	used := all.reach(append([]string{"main", "init", "_"}, declared...))

	less := []byte(string(source))
	changed := false
	blank := func(n ast.Node) {
		changed = true
		for i := files.Position(n.Pos()).Offset; i < files.Position(n.End()).Offset; i++ {
			if less[i] != '\n' {
				less[i] = ' '
			}
		}
	}
	for _, it := range all {
		if !it.kept {
			blank(it.node)
		}
	}
	if !changed {
		return nil, nil
	}
	for _, d := range file.Decls {
		d, ok := d.(*ast.GenDecl)
		if !ok || d.Tok != token.IMPORT {
			continue
		}
		for _, spec := range d.Specs {
			if spec := spec.(*ast.ImportSpec); !imports(spec, used) {
				if d.Lparen.IsValid() {
					blank(spec)
				} else {
					blank(d)
				}
			}
		}
	}
	return less, nil
}

// item is a declaration that is left out or kept as a whole: a function, a method, a
// type, the variables of one line, or a block of constants.
type item struct {
	node     ast.Node
	declares []string
	methodOf string          // the type of a method, which is kept where its type is
	uses     map[string]bool // all names in it
	kept     bool
}

type items []*item

// itemsOf takes a declaration apart. An import has no items.
func itemsOf(d ast.Decl) (list items) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		it := &item{node: d, uses: mentioned(d)}
		if d.Recv == nil {
			it.declares = []string{d.Name.Name}
		} else if len(d.Recv.List) == 1 {
			it.methodOf = typeName(d.Recv.List[0].Type)
		}
		list = append(list, it)
	case *ast.GenDecl:
		switch {
		case d.Tok == token.CONST || !d.Lparen.IsValid():
			if d.Tok != token.IMPORT {
				list = append(list, &item{node: d, declares: cell.Declared(d), uses: mentioned(d)})
			}
		case d.Tok != token.IMPORT:
			for _, spec := range d.Specs {
				one := &ast.GenDecl{Tok: d.Tok, Specs: []ast.Spec{spec}}
				list = append(list, &item{node: spec, declares: cell.Declared(one), uses: mentioned(spec)})
			}
		}
	}
	return list
}

// names returns what items declare. A method stands for its type, so that the type and
// with it the method are compiled in the cell that the method is in.
func (list items) names() (all []string) {
	for _, it := range list {
		all = append(all, it.declares...)
		if it.methodOf != "" {
			all = append(all, it.methodOf)
		}
	}
	return all
}

// reach keeps what some names lead to, and returns all names that are used there.
func (list items) reach(names []string) (used map[string]bool) {
	used = map[string]bool{}
	for _, name := range names {
		used[name] = true
	}
	for changed := true; changed; {
		changed = false
		for _, it := range list {
			if it.kept || !it.wanted(used) {
				continue
			}
			it.kept, changed = true, true
			for name := range it.uses {
				used[name] = true
			}
		}
	}
	return used
}

func (it *item) wanted(used map[string]bool) bool {
	for _, name := range it.declares {
		if used[name] {
			return true
		}
	}
	return it.methodOf != "" && used[it.methodOf]
}

// typeName returns the name of a receiver's type.
func typeName(e ast.Expr) string {
	for {
		switch t := e.(type) {
		case *ast.Ident:
			return t.Name
		case *ast.StarExpr:
			e = t.X
		case *ast.ParenExpr:
			e = t.X
		case *ast.IndexExpr:
			e = t.X
		case *ast.IndexListExpr:
			e = t.X
		default:
			return ""
		}
	}
}

// mentioned returns all names in a node but those behind a point.
func mentioned(n ast.Node) map[string]bool {
	found := map[string]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			for name := range mentioned(n.X) {
				found[name] = true
			}
			return false
		case *ast.Ident:
			found[n.Name] = true
		}
		return true
	})
	return found
}

// imports says whether an import may be of use where some names are used. The name of
// a package is not seen in its path; where what looks like it is wrong, the build fails,
// and the whole program is built.
func imports(spec *ast.ImportSpec, used map[string]bool) bool {
	if spec.Name != nil {
		return spec.Name.Name == "_" || used[spec.Name.Name]
	}
	parts := strings.Split(strings.Trim(spec.Path.Value, "\"`"), "/")
	for i := len(parts) - 1; i >= max(0, len(parts)-2); i-- { // the last may be v2
		for _, name := range strings.FieldsFunc(parts[i], func(r rune) bool { return r == '-' || r == '.' }) {
			if used[name] {
				return true
			}
		}
	}
	return false
}

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
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convbook/kernel/internal/cell"
	"convbook/pkg/system/private"
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
	if err := private.Check(above); err != nil {
		return "", err // what lies there may be another user's
	}
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
// blank variable computes and what init does stays, and so does a variable that, when
// it is computed, may change what is kept.
func Program(source []byte, declared []string) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution|parser.ParseComments)
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
	kept, used := all.needed(append([]string{"main", "init", "_"}, declared...))
	if len(kept) == len(all) {
		return nil, nil
	}

	less := []byte(string(source))
	blank := func(n ast.Node) {
		for i := files.Position(n.Pos()).Offset; i < files.Position(n.End()).Offset; i++ {
			if less[i] != '\n' {
				less[i] = ' '
			}
		}
	}
	for _, it := range all {
		if kept[it] {
			continue
		}
		blank(it.node)
		if it.doc != nil { // a "//go:noinline" in it would count for what comes next
			blank(it.doc)
		}
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
	doc      *ast.CommentGroup
	declares []string
	methodOf string          // the type of a method, which is kept where its type is
	uses     map[string]bool // all names in it
	variable bool
	computes bool // a variable, by a call or by receiving
	sets     bool // a variable, by a call that sets something elsewhere
}

type items []*item

// itemsOf takes a declaration apart. An import has no items.
func itemsOf(d ast.Decl) (list items) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return items{{node: d, doc: d.Doc, declares: cell.Declared(d), methodOf: cell.Receiver(d), uses: mentioned(d)}}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return nil
		}
		if d.Tok == token.CONST || !d.Lparen.IsValid() {
			return items{itemOf(d, d.Tok, d.Specs...)}
		}
		for _, spec := range d.Specs {
			list = append(list, itemOf(spec, d.Tok, spec))
		}
	}
	return list
}

func itemOf(node ast.Node, kind token.Token, specs ...ast.Spec) *item {
	d := &ast.GenDecl{Tok: kind, Specs: specs}
	it := &item{node: node, declares: cell.Declared(d), uses: mentioned(node), variable: kind == token.VAR}
	it.computes, it.sets = it.variable && calls(node), it.variable && sets(node)
	switch node := node.(type) {
	case *ast.GenDecl:
		it.doc = node.Doc
	case *ast.ValueSpec:
		it.doc = node.Doc
	case *ast.TypeSpec:
		it.doc = node.Doc
	}
	if alias, ok := specs[0].(*ast.TypeSpec); ok && alias.Assign.IsValid() {
		it.declares = append(it.declares, cell.TypeName(alias.Type)) // whose methods may name the alias
	}
	return it
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

// needed returns what some names lead to and what may change that, and all names that
// are used there.
func (list items) needed(names []string) (kept map[*item]bool, used map[string]bool) {
	for {
		kept, used = list.reach(names)
		before := len(names)
		for _, it := range list {
			if !kept[it] && it.computes && list.changes(it, kept) {
				names = append(names, it.declares...)
			}
		}
		if len(names) == before {
			return kept, used
		}
	}
}

// changes says whether to compute a variable may change what is kept: a network that it
// trains, a generator that it draws from, a flag that main reads, how arrays are printed.
func (list items) changes(it *item, kept map[*item]bool) bool {
	if it.sets {
		return true
	}
	reached, used := list.reach(it.declares)
	if used["flag"] {
		return true
	}
	for other := range reached {
		if other.variable && kept[other] {
			return true
		}
	}
	return false
}

// reach returns what some names lead to, and all names that are used there.
func (list items) reach(names []string) (reached map[*item]bool, used map[string]bool) {
	reached, used = map[*item]bool{}, map[string]bool{}
	for _, name := range names {
		used[name] = true
	}
	for changed := true; changed; {
		changed = false
		for _, it := range list {
			if !reached[it] && it.wanted(used) {
				reached[it], changed = true, true
				maps.Copy(used, it.uses)
			}
		}
	}
	return reached, used
}

func (it *item) wanted(used map[string]bool) bool {
	return used[it.methodOf] || slices.ContainsFunc(it.declares, func(name string) bool { return used[name] })
}

// mentioned returns all names in a node but those behind a point.
func mentioned(n ast.Node) map[string]bool {
	found := map[string]bool{}
	var look func(ast.Node) bool
	look = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ast.Inspect(n.X, look)
			return false
		case *ast.Ident:
			found[n.Name] = true
		}
		return true
	}
	ast.Inspect(n, look)
	return found
}

// calls says whether something is called, or received, when a value is computed; what a
// function would do that is only made does not count.
func calls(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// sets says whether something like os.Setenv or ndarray.SetPrintOptions is called.
func sets(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if f, ok := call.Fun.(*ast.SelectorExpr); ok {
				found = found || strings.HasPrefix(f.Sel.Name, "Set") || f.Sel.Name == "Chdir"
			}
		}
		return !found
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

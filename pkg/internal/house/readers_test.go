package house

import (
	"encoding/json"
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestExportedNamesHaveReaders finds functions, types and values that a public room
// exports although only other packages of the house use them: such a name
// stands in a student's list of completions for nothing, and belongs into an
// internal room. A name has readers when a notebook, an Example or a page
// mentions it, when an exported declaration beside it does, or when no other
// package of ours uses it at all, for then it is there for them.
func TestExportedNamesHaveReaders(t *testing.T) {
	files := sources(t)
	shown := shownNames(t, files)
	uses := map[string][]string{} // room.Name -> other rooms that use it
	for _, f := range files {
		if f.test() {
			continue
		}
		for _, name := range selected(f) {
			if path.Dir(name) != f.dir() && !slices.Contains(uses[name], f.dir()) {
				uses[name] = append(uses[name], f.dir())
			}
		}
	}
	for _, f := range files {
		if f.test() || !public(f.dir()) || shared(f.dir()) || f.syntax.Name.Name == "main" {
			continue
		}
		for _, name := range topLevel(f) {
			full := f.dir() + "." + name
			if len(uses[full]) > 0 && !shown[full] && !mentionedBeside(files, f.dir(), name) {
				t.Errorf("%s: %s is exported for %s only: no notebook, Example or page shows it", f.name, name, strings.Join(uses[full], ", "))
			}
		}
	}
}

// shared says whether a room is there for our own programs and not for
// students: what kernel and pkg have in common, and the benchmark.
func shared(room string) bool {
	return strings.HasPrefix(room, "pkg/system/") || room == "pkg/explore/js" || room == "pkg/figure/values" || strings.HasPrefix(room, "pkg/benchmark")
}

// selected gives the names room.Name that f takes from packages of this module.
func selected(f sourceFile) []string {
	imported := f.imports()
	var names []string
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && imported[x.Name] != "" {
				names = append(names, imported[x.Name]+"."+s.Sel.Name)
			}
		}
		return true
	})
	return names
}

// topLevel gives the exported functions, types, constants and variables that f
// declares.
func topLevel(f sourceFile) []string {
	var names []string
	add := func(name *ast.Ident) {
		if name.IsExported() {
			names = append(names, name.Name)
		}
	}
	for _, declaration := range f.syntax.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				add(d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					add(s.Name)
				case *ast.ValueSpec:
					for _, name := range s.Names {
						add(name)
					}
				}
			}
		}
	}
	return names
}

// mentionedBeside says whether another exported declaration of the room has the
// name in its signature or fields.
func mentionedBeside(files []sourceFile, room, name string) bool {
	found := false
	look := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == name {
				found = true
			}
			return !found
		})
	}
	for _, f := range files {
		if f.test() || f.dir() != room {
			continue
		}
		for _, declaration := range f.syntax.Decls {
			switch d := declaration.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && (d.Name.Name != name || d.Recv != nil) && receiverIsExported(d) {
					look(d.Type)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() && s.Name.Name != name {
						look(s.Type)
					}
				}
			}
		}
	}
	return found
}

var qualified = regexp.MustCompile(`\b([a-z]+)\.([A-Z]\w*)`)

// shownNames gives the names room.Name that notebooks, Examples and pages show.
func shownNames(t *testing.T, files []sourceFile) map[string]bool {
	rooms := map[string]string{} // name of the package -> room
	for _, f := range files {
		if public(f.dir()) && !f.test() && f.syntax.Name.Name != "main" && !shared(f.dir()) {
			rooms[f.syntax.Name.Name] = f.dir()
		}
	}
	shown := map[string]bool{}
	read := func(text string) {
		for _, m := range qualified.FindAllStringSubmatch(text, -1) {
			if room := rooms[m[1]]; room != "" {
				shown[room+"."+m[2]] = true
			}
		}
	}
	for _, f := range files {
		if !f.test() {
			continue
		}
		for _, declaration := range f.syntax.Decls {
			if d, ok := declaration.(*ast.FuncDecl); ok && strings.HasPrefix(d.Name.Name, "Example") {
				body := f
				body.syntax = &ast.File{Name: f.syntax.Name, Imports: f.syntax.Imports, Decls: []ast.Decl{d}}
				for _, name := range selected(body) {
					shown[name] = true
				}
			}
		}
	}
	for _, pattern := range []string{"*.md", "notebooks/*.md", "notebooks/*.ipynb"} {
		names, err := filepath.Glob(filepath.Join(top, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Ext(name) == ".ipynb" {
				read(sourcesOfCells(t, name, text))
			} else {
				read(string(text))
			}
		}
	}
	return shown
}

// sourcesOfCells joins the sources of a notebook's cells.
func sourcesOfCells(t *testing.T, name string, text []byte) string {
	var notebook struct {
		Cells []struct{ Source []string }
	}
	if err := json.Unmarshal(text, &notebook); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var all strings.Builder
	for _, cell := range notebook.Cells {
		all.WriteString(strings.Join(cell.Source, ""))
		all.WriteByte('\n')
	}
	return all.String()
}

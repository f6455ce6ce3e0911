package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

const module = "convbook"

// top is the repository, seen from this package.
const top = "../../.."

// sourceFile is a parsed Go file of the repository.
type sourceFile struct {
	name   string // from the top, with slashes
	syntax *ast.File
	lines  int
}

func (f sourceFile) dir() string { return path.Dir(f.name) }

func (f sourceFile) test() bool { return strings.HasSuffix(f.name, "_test.go") }

func (f sourceFile) generated() bool { return ast.IsGenerated(f.syntax) }

// imports gives the packages of this module that f imports, by the name that f
// calls them.
func (f sourceFile) imports() map[string]string {
	imported := map[string]string{}
	for _, spec := range f.syntax.Imports {
		target := strings.Trim(spec.Path.Value, `"`)
		room, ours := strings.CutPrefix(target, module+"/")
		if !ours {
			continue
		}
		name := path.Base(room)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imported[name] = room
	}
	return imported
}

// sources parses all Go files of pkg and kernel, tests and generated ones
// included.
func sources(t *testing.T) []sourceFile {
	t.Helper()
	var files []sourceFile
	set := token.NewFileSet()
	for _, root := range []string{"pkg", "kernel"} {
		err := filepath.WalkDir(filepath.Join(top, root), func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && entry.Name() == "testdata" {
				return filepath.SkipDir
			}
			if entry.IsDir() || !strings.HasSuffix(name, ".go") {
				return nil
			}
			syntax, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			inside, err := filepath.Rel(top, name)
			if err != nil {
				return err
			}
			files = append(files, sourceFile{filepath.ToSlash(inside), syntax, set.File(syntax.FileStart).LineCount()})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// public says whether other modules could import the room: it is not inside
// an internal folder, and not a program.
func public(room string) bool {
	return strings.HasPrefix(room, "pkg/") && !strings.Contains(room+"/", "/internal/")
}

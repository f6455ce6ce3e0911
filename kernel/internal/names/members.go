package names

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// Members returns the fields and methods that a type of a package offers, in order, from
// the files of the package's folder.
func Members(folder, kind string) (members []string) {
	files, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, _ := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if parsed == nil {
			continue
		}
		for n := range ast.Preorder(parsed) {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv != nil && receiver(n.Recv.List[0].Type) == kind {
					members = append(members, n.Name.Name)
				}
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok && n.Name.Name == kind {
					for _, field := range s.Fields.List {
						for _, name := range field.Names {
							members = append(members, name.Name)
						}
					}
				}
			}
		}
	}
	members = slices.DeleteFunc(members, func(name string) bool { return !token.IsExported(name) })
	slices.Sort(members)
	return slices.Compact(members)
}

// receiver is the name of a method's type, without its star and parameters.
func receiver(of ast.Expr) string {
	switch of := of.(type) {
	case *ast.StarExpr:
		return receiver(of.X)
	case *ast.IndexExpr:
		return receiver(of.X)
	case *ast.Ident:
		return of.Name
	}
	return ""
}

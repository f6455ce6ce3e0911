package main

import (
	"go/ast"

	"convbook/kernel/internal/cell"
)

// trains are the functions of the course that train a network, for seconds or minutes.
var trains = map[string]bool{"trainer.Train": true, "trainer.New": true, "trainer.FindRate": true, "sweep.Train": true, "sweep.Grid": true,
	"sweep.OneAtATime": true, "sweep.Sweep": true, "live.Sweep": true}

// trainingCells says which cells train when they run: by calling one of these, or a
// function of the notebook that does.
func trainingCells(cells []string) []bool {
	functions := map[string]map[string]bool{} // what each calls
	bodies := make([]map[string]bool, len(cells))
	for i, code := range cells {
		bodies[i] = map[string]bool{}
		file, _, _ := cell.Read(code).Parse()
		if file == nil {
			continue
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				if f.Recv == nil && f.Name.Name == "main" {
					bodies[i] = called(f.Body)
				} else {
					functions[f.Name.Name] = called(f.Body)
				}
			} else if v, ok := d.(*ast.GenDecl); ok { // var learn = func() {…}
				for _, name := range cell.Declared(v) {
					functions[name] = called(v)
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, calls := range functions {
			for name := range calls {
				if calls["!"] {
					break
				}
				if trains[name] || functions[name]["!"] {
					calls["!"], changed = true, true
				}
			}
		}
	}
	training := make([]bool, len(cells))
	for i, calls := range bodies {
		for name := range calls {
			training[i] = training[i] || trains[name] || functions[name]["!"]
		}
	}
	return training
}

// called returns the names that are mentioned below a node: f, or package.F, and the
// names of methods.
func called(n ast.Node) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				names[x.Name+"."+n.Sel.Name] = true
			}
			names[n.Sel.Name] = true
		case *ast.Ident:
			names[n.Name] = true
		}
		return true
	})
	return names
}

// declarations is a cell without its commands.
func declarations(code string) string {
	c := cell.Read(code)
	if c.Main == 0 {
		return code
	}
	above := ""
	for line := 1; line < c.Main; line++ {
		above += c.Line(line) + "\n"
	}
	return above + "%%\n"
}

package handout

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"convbook/kernel/internal/cell"
	"convbook/kernel/internal/lesson"
	"convbook/pkg/system/remedy"
)

// Exercise is the source of an exercise's cell, taken apart.
type Exercise struct {
	Answer string  // what the student writes: declarations
	Check  Check   // all checks together
	Each   []Check // one check each, or all in one where they do not stand alone
	Alone  bool    // each check is a statement of its own
}

// Check is the source of a cell that checks an answer.
type Check struct {
	Names  []string // of the checks, as lesson.Checks has them
	Source string
}

const (
	exercisePackage = `"convbook/pkg/exercise"`
	runAfter        = "// Run your cell above first, then this one. · 위의 셀을 먼저 실행한 다음 이 셀을 실행하세요."
)

// Split takes the source of an exercise's cell apart, at the line %%.
func Split(source string) (*Exercise, error) {
	c := cell.Read(source)
	if c.Main == 0 {
		return nil, remedy.Errorf("put %% between the declarations and exercise.…", "there is no line %%%% that parts the answer from its check")
	}
	above, below := c.Lines[:c.Main-1], c.Lines[c.Main:]
	names := lesson.Checks(strings.Join(below, "\n"))
	switch {
	case len(names) == 0:
		return nil, remedy.Errorf("call exercise.… there", "below %%%% there is no check")
	case len(lesson.Checks(strings.Join(above, "\n"))) > 0:
		return nil, remedy.Errorf("put it below", "there is a check above %%%%")
	}
	answer, err := withoutImport(above)
	if err != nil {
		return nil, err
	}
	e := &Exercise{Answer: answer, Check: check(names, below)}
	if e.Each, err = each(below); err != nil {
		return nil, err
	}
	if e.Alone = len(e.Each) > 0; !e.Alone {
		e.Each = []Check{e.Check}
	}
	return e, nil
}

func check(names, body []string) Check {
	text := strings.TrimRight(strings.Join(body, "\n"), "\n")
	return Check{names, runAfter + "\nimport " + exercisePackage + "\n\n%%\n" + text}
}

// withoutImport drops the import of the checks from declarations that do without.
func withoutImport(lines []string) (string, error) {
	files := token.NewFileSet()
	const before = "package main;"
	file, err := parser.ParseFile(files, "", before+strings.Join(blanked(lines), "\n"), parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("the declarations are not Go: %w", err)
	}
	used := false
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		name, ok := selector.X.(*ast.Ident)
		used = used || ok && name.Name == "exercise"
		return true
	})
	kept := slices.Clone(lines)
	if !used {
		for _, d := range file.Decls {
			group, ok := d.(*ast.GenDecl)
			if !ok || group.Tok != token.IMPORT {
				continue
			}
			for _, s := range group.Specs {
				if s := s.(*ast.ImportSpec); s.Name != nil || s.Path.Value != exercisePackage {
					continue
				}
				var dropped ast.Node = s
				if len(group.Specs) == 1 {
					dropped = d
				}
				for line := files.Position(dropped.Pos()).Line; line <= files.Position(dropped.End()).Line; line++ {
					kept[line-1] = "\x00"
				}
			}
		}
		kept = slices.DeleteFunc(kept, func(line string) bool { return line == "\x00" })
	}
	return strings.Trim(strings.Join(kept, "\n"), "\n"), nil
}

// blanked empties the lines that GoNB takes for itself.
func blanked(lines []string) []string {
	c := cell.Read(strings.Join(lines, "\n"))
	plain := slices.Clone(lines)
	for i := range plain {
		if c.Special(i + 1) {
			plain[i] = ""
		}
	}
	return plain
}

// each makes one check of each statement that is one, with all other statements of the
// body beside it. Where checks stand within other statements there is none.
func each(body []string) (found []Check, err error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", "package main; func main() {\n"+strings.Join(blanked(body), "\n")+"\n}", parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("below %%%% is not Go: %w", err)
	}
	main, ok := file.Decls[0].(*ast.FuncDecl)
	if !ok || len(file.Decls) != 1 {
		return nil, errors.New("below %% there is more than the body of a function")
	}
	type lines struct{ first, last int } // of body, from 0
	of := func(s ast.Stmt) lines {
		return lines{files.Position(s.Pos()).Line - 2, files.Position(s.End()).Line - 2}
	}
	text := func(l lines) string { return strings.Join(body[l.first:l.last+1], "\n") }
	var checks []ast.Stmt
	for i, s := range main.Body.List {
		switch names := lesson.Checks(text(of(s))); {
		case len(names) == 0:
			continue
		case len(names) > 1 || !isCall(s),
			i > 0 && of(main.Body.List[i-1]).last >= of(s).first:
			return nil, nil
		}
		checks = append(checks, s)
	}
	for _, one := range checks {
		kept := slices.Clone(body)
		var statements []ast.Stmt
		for _, s := range main.Body.List {
			if s == one || !slices.Contains(checks, s) {
				statements = append(statements, s)
				continue
			}
			for line := of(s).first; line <= of(s).last; line++ {
				kept[line] = "\x00"
			}
		}
		kept = slices.DeleteFunc(kept, func(line string) bool { return line == "\x00" })
		for _, name := range unused(statements) {
			kept = append(kept, "_ = "+name)
		}
		found = append(found, check(lesson.Checks(text(of(one))), kept))
	}
	return found, nil
}

func isCall(s ast.Stmt) bool {
	e, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	_, ok = e.X.(*ast.CallExpr)
	return ok
}

// unused returns the names that statements declare and do not read: Go would not
// compile them.
func unused(statements []ast.Stmt) (names []string) {
	read := map[string]bool{}
	var declared []string
	for _, s := range statements {
		if assignment, ok := s.(*ast.AssignStmt); ok {
			for _, e := range assignment.Lhs {
				if name, ok := e.(*ast.Ident); ok {
					if assignment.Tok == token.DEFINE && name.Name != "_" {
						declared = append(declared, name.Name)
					}
					continue
				}
				reads(e, read)
			}
			for _, e := range assignment.Rhs {
				reads(e, read)
			}
			continue
		}
		if d, ok := s.(*ast.DeclStmt); ok {
			for _, spec := range d.Decl.(*ast.GenDecl).Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for _, name := range v.Names {
						declared = append(declared, name.Name)
					}
					for _, e := range v.Values {
						reads(e, read)
					}
				}
			}
			continue
		}
		reads(s, read)
	}
	for _, name := range declared {
		if !read[name] && name != "_" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func reads(n ast.Node, names map[string]bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			names[name.Name] = true
		}
		return true
	})
}

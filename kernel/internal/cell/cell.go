// Package cell reads the text of a cell as GoNB does: declarations, then "%%" and what
// becomes the body of main, with lines for GoNB itself in between.
package cell

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// Cell is the text of a cell, taken apart. Lines count from 1 as students do.
type Cell struct {
	Lines []string
	Main  int    // the line of "%%"; 0: there is none
	Magic string // "%%bash" and the like, when the cell is not Go at all

	special map[int]bool // lines that GoNB takes for itself
}

// foreign are first lines of cells that are not Go.
var foreign = []string{"%%writefile", "%%script", "%%bash", "%%sh", "%%gx"}

// marker may stand before a line for GoNB, so that it is a comment for Go.
const marker = "//gonb:"

// Read takes a cell apart.
func Read(code string) *Cell {
	c := &Cell{Lines: strings.Split(code, "\n"), special: map[int]bool{}}
	first, _, _ := strings.Cut(strings.TrimPrefix(c.Lines[0], marker), " ")
	for _, name := range foreign {
		if first == name {
			c.Magic = name
			return c
		}
	}
	for i := 0; i < len(c.Lines); i++ {
		line := strings.TrimPrefix(c.Lines[i], marker)
		if !isSpecial(line) {
			continue
		}
		if c.Main == 0 && isMain(line) {
			c.Main = i + 1
		}
		c.special[i+1] = true
		for strings.HasSuffix(c.Lines[i], `\`) && i+1 < len(c.Lines) { // goes on in the next line
			i++
			c.special[i+1] = true
		}
	}
	return c
}

func isSpecial(line string) bool {
	return len(line) > 1 && (line[0] == '%' || line[0] == '!')
}

// isMain says whether a line begins the body of main.
func isMain(line string) bool {
	return strings.HasPrefix(line, "%main") || line == "%%" || strings.HasPrefix(line, "%% ") || strings.HasPrefix(line, "%%\t")
}

// Special says whether GoNB takes a line for itself.
func (c *Cell) Special(line int) bool { return c.special[line] }

// Line returns a line's text, "" where there is none.
func (c *Cell) Line(line int) string {
	if line < 1 || line > len(c.Lines) {
		return ""
	}
	return c.Lines[line-1]
}

// text returns the lines from one to another, those of GoNB empty, so that lines keep
// their numbers.
func (c *Cell) text(from, to int) string {
	var b strings.Builder
	for line := 1; line < to; line++ {
		if line >= from && !c.special[line] {
			b.WriteString(c.Line(line))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Declarations is what stands above "%%", lines of GoNB empty; "" where the cell is not Go
// at all.
func (c *Cell) Declarations() string {
	switch {
	case c.Magic != "":
		return ""
	case c.Main == 0:
		return c.text(1, len(c.Lines)+1)
	}
	return c.text(1, c.Main)
}

// file is the cell as a file of Go. Where body is set, what follows "%%" is the body
// of main in it; lines keep their numbers.
func (c *Cell) file(body bool) string {
	end := len(c.Lines) + 1
	if c.Main == 0 {
		return "package main;" + c.text(1, end)
	}
	if !body {
		return "package main;" + c.text(1, c.Main)
	}
	above := c.text(1, c.Main)
	return "package main;" + above + "func main() {\n" + strings.TrimPrefix(c.text(c.Main+1, end), strings.Repeat("\n", c.Main)) + "}\n"
}

// Statements is the cell as if "%%" stood above all of it, for who has forgotten it.
func (c *Cell) Statements() (ok bool) {
	_, err := parser.ParseFile(token.NewFileSet(), "", "package main; func main() {"+c.text(1, len(c.Lines)+1)+"}", 0)
	return err == nil
}

// Parse returns the syntax of the cell, as far as it has one.
func (c *Cell) Parse() (*ast.File, *token.FileSet, error) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, "", c.file(true), parser.SkipObjectResolution)
	return f, files, err
}

// Names returns the names that a cell declares for all cells that follow, and those
// that only its main has, each with its line.
func (c *Cell) Names() (kept, own map[string]int) {
	kept, own = map[string]int{}, map[string]int{}
	if c.Magic != "" {
		return kept, own
	}
	f, files, _ := c.Parse()
	if f == nil {
		return kept, own
	}
	line := func(n ast.Node) int { return files.Position(n.Pos()).Line }
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "main" && d.Body != nil {
				assigned(d.Body.List, own, line)
			} else if d.Recv == nil {
				kept[d.Name.Name] = line(d)
			}
		case *ast.GenDecl:
			declared(d, kept, line)
		}
	}
	return kept, own
}

// assigned collects the names that statements declare at their outermost level.
func assigned(list []ast.Stmt, names map[string]int, line func(ast.Node) int) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				continue
			}
			for _, e := range s.Lhs {
				if name, ok := e.(*ast.Ident); ok && name.Name != "_" {
					names[name.Name] = line(name)
				}
			}
		case *ast.DeclStmt:
			if d, ok := s.Decl.(*ast.GenDecl); ok {
				declared(d, names, line)
			}
		case *ast.ForStmt:
			if s.Init != nil {
				assigned([]ast.Stmt{s.Init}, names, line)
			}
		}
	}
}

func declared(d *ast.GenDecl, names map[string]int, line func(ast.Node) int) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.ValueSpec:
			for _, name := range s.Names {
				names[name.Name] = line(name)
			}
		case *ast.TypeSpec:
			names[s.Name.Name] = line(s.Name)
		}
	}
}

// Declared returns the names that a declaration declares; a method declares none.
func Declared(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		found := map[string]int{}
		declared(d, found, func(ast.Node) int { return 0 })
		for name := range found {
			names = append(names, name)
		}
	}
	return names
}

// Receiver returns the name of the type that a method is one of; "" for a function.
func Receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	return TypeName(f.Recv.List[0].Type)
}

// TypeName returns the name of a type, of a pointer to it, or of one with its arguments;
// "?" where it has none.
func TypeName(e ast.Expr) string {
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
			return "?"
		}
	}
}

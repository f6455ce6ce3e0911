package explain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"convbook/kernel/internal/cell"
)

// program is GoNB's main.go, in which the declarations of all cells are sorted and the
// body of main comes last.
type program struct {
	f     *Failure
	c     *cell.Cell
	lines []string
	file  *ast.File
	files *token.FileSet
}

func newProgram(f *Failure, c *cell.Cell) *program {
	p := &program{f: f, c: c, lines: strings.Split(f.Main, "\n"), files: token.NewFileSet()}
	p.file, _ = parser.ParseFile(p.files, "", f.Main, parser.SkipObjectResolution)
	return p
}

// at returns where a line of the program comes from; nowhere if it is not certain.
func (p *program) at(line int) fault {
	if p.file == nil || line < 1 || line > len(p.lines) {
		return fault{}
	}
	for _, d := range p.file.Decls {
		if from, to := p.line(d.Pos()), p.line(d.End()); line < from || line > to {
			continue
		}
		if f, ok := d.(*ast.FuncDecl); ok {
			if f.Name.Name == "main" && f.Recv == nil {
				return p.inMain(p.line(f.Pos()), line)
			}
			return p.inFunction(f, line)
		}
		return p.byText(line)
	}
	return fault{}
}

func (p *program) line(pos token.Pos) int { return p.files.Position(pos).Line }

// inMain counts the lines of main, which GoNB begins with one of its own: those of the
// cell below "%%" that it does not take for itself, in order.
func (p *program) inMain(from, line int) fault {
	want := line - from - 1 // how many lines of the cell are before it
	for at := p.c.Main + 1; at <= len(p.c.Lines); at++ {
		if p.c.Special(at) {
			continue
		}
		if want--; want == 0 && p.same(line, p.c.Line(at)) {
			return fault{line: at}
		}
	}
	return p.byText(line)
}

// same says whether a line of the program is a line of a cell. GoNB gathers variables in
// one var ( … ), where a line has no var of its own.
func (p *program) same(line int, text string) bool {
	declared := func(text string) string { return strings.TrimPrefix(strings.TrimSpace(text), "var ") }
	return declared(p.lines[line-1]) == declared(text)
}

// inFunction finds the function in the cells, the last one first.
func (p *program) inFunction(f *ast.FuncDecl, line int) fault {
	offset := line - p.line(f.Pos())
	find := func(c *cell.Cell, number int) (fault, bool) {
		file, files, _ := c.Parse()
		if file == nil {
			return fault{}, false
		}
		for _, d := range file.Decls {
			g, ok := d.(*ast.FuncDecl)
			if !ok || g.Name.Name != f.Name.Name || cell.Receiver(g) != cell.Receiver(f) {
				continue
			}
			at := files.Position(g.Pos()).Line + offset
			if at <= len(c.Lines) && p.same(line, c.Line(at)) {
				return fault{line: at, number: number}, true
			}
		}
		return fault{}, false
	}
	if at, ok := find(p.c, 0); ok {
		return at
	}
	for _, past := range p.f.Earlier {
		if at, ok := find(cell.Read(past.Code), past.Number); ok {
			return at
		}
	}
	return fault{}
}

// byText finds the one line of the cell that reads the same.
func (p *program) byText(line int) (found fault) {
	if strings.TrimSpace(p.lines[line-1]) == "" {
		return fault{}
	}
	for i := range p.c.Lines {
		if p.same(line, p.c.Line(i+1)) {
			if found.line != 0 {
				return fault{}
			}
			found.line = i + 1
		}
	}
	return found
}

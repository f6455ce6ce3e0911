package program

import (
	"path/filepath"
	"strings"
	"testing"
)

// A program has what all cells declared, the later of two of one name, the commands of
// the last cell and no import that nothing uses.
func TestCompose(t *testing.T) {
	source, err := Compose([]string{
		"import (\n\t\"fmt\"\n\t\"strings\"\n)\n\nfunc double(x int) int { return x + x }\n\n%%\nfmt.Println(strings.ToUpper(\"a\"))",
		"import m \"math\"\n\ntype point struct{ x, y float64 }\n\n// length is said to be squared.\nfunc (p *point) length() float64 { return m.Sqrt(p.x) }\n\nconst (\n\ta = iota\n\tb\n)\n\nvar one, two = 1, 2",
		"%reset_output\nfunc double(x int) int { return 2 * x }\n\n%%\nfmt.Println(double(one), b)",
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `package main

import (
	"flag"
	"fmt"
	m "math"
)

const (
	a = iota
	b
)

func double(x int) int { return 2 * x }

var one, two = 1, 2

type point struct{ x, y float64 }

func (p *point) length() float64 { return m.Sqrt(p.x) }

func main() {
	flag.Parse()
	fmt.Println(double(one), b)

}
`
	if string(source) != want {
		t.Errorf("the program is\n%s\nwant\n%s", source, want)
	}
	if _, err := Compose([]string{"%%\nx := ("}); err == nil {
		t.Error("a cell that is not Go has a program")
	}
	if _, err := Compose([]string{"%%\nfmt.Println(math.Pi)"}); err == nil || !strings.Contains(err.Error(), "math is used in code cell 1") {
		t.Errorf("without its import a cell has a program: %v", err)
	}
}

// Each cell of a notebook imports what it uses, or a cell before it does.
func TestCellsImportWhatTheyUse(t *testing.T) {
	books, err := filepath.Glob("../../../notebooks/*.ipynb")
	if err != nil || len(books) == 0 {
		t.Fatalf("there are no notebooks: %v", err)
	}
	for _, path := range books {
		cells, err := codeOf(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range cells {
			if _, err := Compose(cells[:i+1]); err != nil {
				t.Errorf("%s: %v", filepath.Base(path), err)
			}
		}
	}
}

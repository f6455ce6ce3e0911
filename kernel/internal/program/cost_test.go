package program

import (
	"bytes"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

// What a cell may cost. They bound what a student waits for, and are counted, so that no
// other work of the machine changes them.
const (
	mostFunctions   = 450
	mostCode        = 100_000
	mostProgram     = 5_000_000
	mostWithFigures = 6_000_000
)

// The last cell of each notebook, with all declarations of the cells before it, costs
// little where all it does is to print a number.
func TestCost(t *testing.T) {
	if testing.Short() {
		t.Skip("each notebook's program is compiled")
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	// A result that go test kept holds only while what was looked at is the same.
	filepath.WalkDir(filepath.Join(root, "pkg"), func(string, fs.DirEntry, error) error { return nil })

	books, err := filepath.Glob(filepath.Join(root, "notebooks", "*.ipynb"))
	if err != nil || len(books) == 0 {
		t.Fatalf("there are no notebooks: %v", err)
	}
	t.Logf("%-24s %9s %6s %6s", "an edited last cell of", "functions", "KB", "MB")
	for _, path := range books {
		name := strings.TrimSuffix(filepath.Base(path), ".ipynb")
		cells, err := codeOf(path)
		if err != nil {
			t.Fatal(err)
		}
		source, err := Compose(append(cells, "%%\nfmt.Println(1)"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		cost, err := Measure(root, source)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Logf("%-24s %9d %6.1f %6.2f", name, cost.Functions, float64(cost.Code)/1e3, float64(cost.Program)/1e6)
		most := int64(mostProgram)
		if bytes.Contains(source, []byte(`"convbook/pkg/figure"`)) {
			most = mostWithFigures
		}
		if cost.Functions > mostFunctions || cost.Code > mostCode || cost.Program > most {
			t.Errorf("%s: at most %d functions, %d bytes of code and a program of %d bytes are wanted; package compiled says how", name, mostFunctions, mostCode, most)
		}
	}
}

func codeOf(path string) (cells []string, err error) {
	nb, err := notebook.Read(path)
	if err != nil {
		return nil, err
	}
	for _, c := range nb.Cells {
		if c.Kind == "code" {
			cells = append(cells, c.Source)
		}
	}
	return cells, nil
}

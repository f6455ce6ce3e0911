package lesson

import (
	"path/filepath"
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

// A cell takes the processors that it may use and not all that there are: on a server a container
// or GOMAXPROCS gives it fewer, and what measures with more than those measures nothing and takes
// them from others.
func TestProcessorsThatItMayUse(t *testing.T) {
	books, err := filepath.Glob(filepath.Join("..", "..", "..", "notebooks", "*.ipynb"))
	if err != nil || len(books) == 0 {
		t.Fatalf("there are no notebooks: %v", err)
	}
	for _, path := range books {
		nb, err := notebook.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, cell := range nb.Cells {
			if strings.Contains(cell.Source, "NumCPU") {
				t.Errorf("%s, cell %d counts all processors of the machine: runtime.GOMAXPROCS(0) are those that it may use", filepath.Base(path), i)
			}
		}
	}
}

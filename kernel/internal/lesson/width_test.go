package lesson

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"convbook/kernel/internal/notebook"
)

// What a teacher writes on the board: no line of a cell, or of code in a text such as a
// solution, is wider than the page shows.
func TestWidth(t *testing.T) {
	const columns = 100
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
			fenced := cell.Kind == "code"
			for _, line := range strings.Split(cell.Source, "\n") {
				if cell.Kind != "code" && strings.HasPrefix(line, "```") {
					fenced = !fenced
				}
				if !fenced {
					continue
				}
				if n := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    ")); n > columns {
					t.Errorf("%s, cell %d has %d columns, at most %d are wanted: %s", filepath.Base(path), i, n, columns, line)
				}
			}
		}
	}
}

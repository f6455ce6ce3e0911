package house

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// mostLines is how long a file written by hand may be: one idea fits.
const mostLines = 400

// TestFilesAreShort finds files that have outgrown their idea.
func TestFilesAreShort(t *testing.T) {
	for _, f := range sources(t) {
		if !f.generated() && f.lines >= mostLines {
			t.Errorf("%s has %d lines: split it where its ideas part (at most %d)", f.name, f.lines, mostLines-1)
		}
	}
	for _, pattern := range []string{"pkg/explore/js/*.js", "pkg/explore/js/*.css", "kernel/internal/page/*.js", "kernel/internal/page/*.css", "kernel/internal/site/js/*.js", "kernel/internal/site/*.css"} {
		names, err := filepath.Glob(filepath.Join(top, filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(names), err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if lines := bytes.Count(text, []byte("\n")); err != nil || lines >= mostLines {
				t.Errorf("%s has %d lines, want %d at most: %v", name, lines, mostLines-1, err)
			}
		}
	}
}

// TestNotebooksAreLight weighs the notebooks of the course together, and each figure in them that answers the pointer.
func TestNotebooksAreLight(t *testing.T) {
	const mostTogether, mostOfFigure = 8_000_000, 500_000
	names, err := filepath.Glob(filepath.Join(top, "notebooks", "*.ipynb"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d notebooks: %v", len(names), err)
	}
	together := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		together += len(text)
		for i, figure := range bytes.Split(text, []byte(`data-values=\"`))[1:] {
			if size, _, _ := bytes.Cut(figure, []byte("</script>")); len(size) > mostOfFigure {
				t.Errorf("%s: figure %d that answers the pointer has %d bytes, want %d at most", name, i+1, len(size), mostOfFigure)
			}
		}
		t.Logf("%s has %d bytes", filepath.Base(name), len(text))
	}
	if together > mostTogether {
		t.Errorf("the notebooks have %d bytes together, want %d at most", together, mostTogether)
	}
}

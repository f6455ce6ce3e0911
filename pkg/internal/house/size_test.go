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

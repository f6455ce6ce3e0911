package house

import "testing"

// mostLines is how long a file written by hand may be: one idea fits.
const mostLines = 400

// TestFilesAreShort finds files that have outgrown their idea.
func TestFilesAreShort(t *testing.T) {
	for _, f := range sources(t) {
		if !f.generated() && f.lines >= mostLines {
			t.Errorf("%s has %d lines: split it where its ideas part (at most %d)", f.name, f.lines, mostLines-1)
		}
	}
}

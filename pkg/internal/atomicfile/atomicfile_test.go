package atomicfile

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Many writers at once, and readers meanwhile, see one of the contents, whole.
func TestWriteIsWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	var contents []string
	for i := range 8 {
		contents = append(contents, strings.Repeat(string(rune('a'+i)), 100_000))
	}
	if err := Write(path, []byte(contents[0])); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for _, content := range contents {
		group.Go(func() {
			for range 5 {
				if err := Write(path, []byte(content)); err != nil {
					t.Error(err)
				}
				got, err := os.ReadFile(path)
				if err != nil || !slices.Contains(contents, string(got)) {
					t.Errorf("a reader sees %d bytes, %v", len(got), err)
				}
			}
		})
	}
	group.Wait()
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files are left, want 1", len(entries))
	}
}

func TestWriteFailsCleanly(t *testing.T) {
	dir := t.TempDir()
	if err := Write(filepath.Join(dir, "missing", "file"), nil); err == nil {
		t.Error("a folder that is not there gives no error")
	}
	// A folder in the file's place cannot be replaced.
	path := filepath.Join(dir, "taken")
	os.MkdirAll(filepath.Join(path, "inside"), 0o700)
	if err := Write(path, []byte("x")); err == nil {
		t.Error("a folder is replaced by a file")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d entries are left, want 1", len(entries))
	}
}

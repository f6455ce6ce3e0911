package trainer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFolder(t *testing.T) {
	runs, cache := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	t.Setenv(Environment, "")
	for value, under := range map[string]string{"": cache, filepath.Join(runs, "한글 folder"): filepath.Join(runs, "한글 folder")} {
		t.Setenv(Environment, value)
		folder, err := Folder("first")
		if info, statErr := os.Stat(folder); err != nil || statErr != nil || !info.IsDir() || !strings.HasPrefix(folder, under) {
			t.Errorf("with %s=%q the folder is %q, %v", Environment, value, folder, err)
		}
	}
	file := filepath.Join(runs, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(Environment, file)
	if _, err := Folder("first"); err == nil || !strings.Contains(err.Error(), Environment) {
		t.Errorf("a file in the folder's place gives %v", err)
	}
}

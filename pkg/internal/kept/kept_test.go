package kept

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convbook/pkg/system/lock"
)

func TestFolder(t *testing.T) {
	runs, cache := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	for value, under := range map[string]string{"": cache, filepath.Join(runs, "한글 folder"): filepath.Join(runs, "한글 folder")} {
		t.Setenv(FolderVariable, value)
		folder, err := Folder("first")
		if info, statErr := os.Stat(folder); err != nil || statErr != nil || !info.IsDir() || !strings.HasPrefix(folder, under) {
			t.Errorf("with %s=%q the folder is %q, %v", FolderVariable, value, folder, err)
		}
	}
	own := filepath.Join(runs, "of", "my own")
	if folder, err := Folder(own); err != nil || folder != own {
		t.Errorf("a path gives %q, %v", folder, err)
	}
	file := filepath.Join(runs, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(FolderVariable, file)
	if _, err := Folder("first"); err == nil || !strings.Contains(err.Error(), FolderVariable) {
		t.Errorf("a file in the folder's place gives %v", err)
	}
	for _, name := range []string{"", "..", `a\b`, "a:b"} {
		if _, err := Folder(name); err == nil || !strings.Contains(err.Error(), "not a name") {
			t.Errorf("the name %q gives %v", name, err)
		}
	}
}

// A version that nobody asks for goes after a month, unless a program works with it.
func TestVersions(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a1", "b2", "c3", "d4", "mine"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if Last(folder) != "" {
		t.Error("there is a last version before one was asked for")
	}
	for _, name := range []string{"a1", "b2", "a1"} {
		if err := Ask(folder, name); err != nil || Last(folder) != name {
			t.Errorf("after %s was asked for the last is %q, %v", name, Last(folder), err)
		}
	}
	held, err := lock.Take(filepath.Join(folder, "d4", LockFile))
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	old := time.Now().Add(-unused - time.Hour)
	for _, name := range []string{"a1", "c3", "d4", "mine"} {
		os.Chtimes(filepath.Join(folder, name), old, old)
	}
	if err := Ask(folder, "a1"); err != nil {
		t.Fatal(err)
	}
	for name, stays := range map[string]bool{"a1": true, "b2": true, "c3": false, "d4": true, "mine": true} {
		if _, err := os.Stat(filepath.Join(folder, name)); (err == nil) != stays {
			t.Errorf("%s is there: %v", name, err)
		}
	}
	for _, name := range []string{"../up", "none", ""} {
		os.WriteFile(filepath.Join(folder, lastFile), []byte(name), 0o600)
		if got := Last(folder); got != "" {
			t.Errorf("a file that says %q makes %q the last", name, got)
		}
	}
}

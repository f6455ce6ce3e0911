package notebook

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// placed writes a notebook file with a mode, and reads it.
func placed(t *testing.T, path string, mode os.FileMode) (*Notebook, []byte) {
	t.Helper()
	if err := os.WriteFile(path, []byte(small), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	nb, was, err := ReadBytes(path)
	if err != nil {
		t.Fatal(err)
	}
	return nb, was
}

func TestReplaceKeepsWhatBelongsToTheFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes and links are of Unix")
	}
	folder := t.TempDir()
	target, link, second := filepath.Join(folder, "deep.ipynb"), filepath.Join(folder, "link.ipynb"), filepath.Join(folder, "second.ipynb")
	for _, mode := range []os.FileMode{0o600, 0o640, 0o664, 0o755} {
		nb, was := placed(t, target, mode)
		os.Remove(link)
		if err := os.Symlink("deep.ipynb", link); err != nil {
			t.Fatal(err)
		}
		if path, err := nb.Replace(link, was); err != nil || path != link {
			t.Fatalf("%s, %v", path, err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link is %v, %v", info.Mode(), err)
		}
		if info, err := os.Stat(target); err != nil || info.Mode().Perm() != mode || !bytes.Equal(read(t, target), written(t, nb)) {
			t.Errorf("the file is %v, want %v; %v", info.Mode(), mode, err)
		}
	}
	nb, was := placed(t, target, 0o644)
	if err := os.Link(target, second); err != nil {
		t.Skip("no second names here")
	}
	if _, err := nb.Replace(target, was); err != nil || !bytes.Equal(read(t, second), written(t, nb)) {
		t.Errorf("under its second name the file holds something else; %v", err)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 3 {
		t.Errorf("left are %v", entries)
	}
}

func TestReplaceLeavesWhatWasEdited(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "hw.ipynb")
	nb, was := placed(t, path, 0o600)
	edited := []byte(strings.Replace(small, "TEXT", "edited meanwhile", 1))
	if err := os.WriteFile(path, edited, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"hw-executed.ipynb", "hw-executed-2.ipynb"} {
		beside, err := nb.Replace(path, was)
		if err != nil || filepath.Base(beside) != want || !bytes.Equal(read(t, beside), written(t, nb)) {
			t.Errorf("written to %s, %v, want %s", beside, err, want)
		}
	}
	if !bytes.Equal(read(t, path), edited) {
		t.Error("the edit is lost")
	}
	os.Remove(path)
	if beside, err := nb.Replace(path, was); err != nil || filepath.Base(beside) != "hw-executed-3.ipynb" {
		t.Errorf("deleted meanwhile: %s, %v", beside, err)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 3 {
		t.Errorf("left are %v", entries)
	}
}

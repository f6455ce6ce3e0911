package setup

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"convbook/kernel/internal/shared"
)

func TestOfCourse(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "to")
	want := []string{"LICENSE", "go.mod", "notebooks/00_start.ipynb", "pkg/a/a.go", "pkg/a/a_amd64.s", "pkg/a/asset/words.txt"}
	for _, name := range append([]string{"README.md", "notebooks/.ipynb_checkpoints/00_start.ipynb", "notebooks/TEACHING.md", "pkg/a/a_test.go",
		"pkg/a/testdata/big.bin", "kernel/main.go", ".git/config", "out/x.ipynb", "notebooks/hand-ins/kim.ipynb"}, want...) {
		path := filepath.Join(from, name)
		os.MkdirAll(filepath.Dir(path), 0o700)
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := copyTree(from, to, ofCourse); err != nil {
		t.Fatal(err)
	}
	var got []string
	filepath.WalkDir(to, func(path string, entry fs.DirEntry, err error) error {
		info, _ := entry.Info()
		if mode := readable(info.Mode()); info.Mode().Perm() != mode {
			t.Errorf("%s has the mode %v, want %v", path, info.Mode(), mode)
		}
		if !entry.IsDir() {
			if at := info.ModTime(); !at.Equal(at.Truncate(time.Second)) {
				t.Errorf("%s has the time %v, which an archive does not keep", path, at)
			}
			inside, _ := filepath.Rel(to, path)
			got = append(got, filepath.ToSlash(inside))
		}
		return err
	})
	if !slices.Equal(got, want) {
		t.Errorf("copied are %q, want %q", got, want)
	}
}

func TestOpenToAll(t *testing.T) {
	dir := t.TempDir()
	program, text := filepath.Join(dir, "closed", "program"), filepath.Join(dir, "closed", "text")
	os.Mkdir(filepath.Dir(program), 0o700)
	os.WriteFile(program, nil, 0o700)
	os.WriteFile(text, nil, 0o666)
	os.Chmod(text, 0o666)
	if err := openToAll(dir); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{program: 0o755, text: 0o644, filepath.Dir(text): 0o755} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", path, info.Mode(), err, want)
		}
	}
}

// Who works with the version before the new one goes on; what is older goes, and what was
// not installed to its end.
func TestRemoveOld(t *testing.T) {
	place := shared.Place(t.TempDir())
	now := time.Now()
	for name, age := range map[string]time.Duration{"current": 0, "before": time.Hour, "oldest": 2 * time.Hour, "incomplete": -1} {
		dir := string(place.Version(name))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if age >= 0 {
			mark := filepath.Join(dir, completeFile)
			os.WriteFile(mark, nil, 0o644)
			os.Chtimes(mark, now.Add(-age), now.Add(-age))
		}
	}
	os.WriteFile(filepath.Join(string(place), shared.Mark), nil, 0o600)
	removeOld(place, place.Version("current"))
	left, _ := filepath.Glob(filepath.Join(string(place), "*"))
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if !slices.Equal(left, []string{"before", "current", shared.Mark}) {
		t.Errorf("left are %q", left)
	}
}

func TestClosed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	os.MkdirAll(dir, 0o755)
	os.Chmod(filepath.Dir(dir), 0o750)
	if at := closed(dir); at != filepath.Dir(dir) {
		t.Errorf("%q is the folder that others cannot enter, want %q", at, filepath.Dir(dir))
	}
	if at := closed("/"); at != "" {
		t.Errorf("others cannot enter %q", at)
	}
}

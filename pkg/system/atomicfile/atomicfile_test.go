package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
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

// TestWritePrivate keeps others from reading, where they could before, too.
func TestWritePrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, c := range []struct {
		write func(string, []byte) error
		mode  os.FileMode
	}{{WritePrivate, 0o600}, {Write, 0o644}, {WritePrivate, 0o600}} {
		if err := c.write(path, []byte("x")); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != c.mode {
			t.Errorf("the file has the mode %v, want %v: %v", info.Mode(), c.mode, err)
		}
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

// A file of a writer that was killed goes with the next save; one that is being
// written stays, and so does what others left.
func TestLeftoversAreRemoved(t *testing.T) {
	dir := t.TempDir()
	dead := filepath.Join(dir, "old.123"+ending)
	foreign := filepath.Join(dir, "film.part")
	for _, path := range []string{dead, foreign} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	alive, err := create(dir, "other")
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close()
	if err := Write(filepath.Join(dir, "file"), []byte("x")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{dead: false, foreign: true, alive.Name(): true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", path, err == nil, want)
		}
	}
}

// full is a file on a disk that takes only so many bytes.
type full struct {
	*os.File
	room    int
	syncErr error
}

var errFull = errors.New("no space left on device")

func (f *full) Write(p []byte) (int, error) {
	if len(p) <= f.room {
		return f.File.Write(p)
	}
	n, _ := f.File.Write(p[:f.room])
	return n, errFull
}

func (f *full) Sync() error { return f.syncErr }

// A disk that fills at any byte, or fails at the last moment, leaves the old file
// and nothing else.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	content := []byte(strings.Repeat("new ", 20))
	if err := Write(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	for room := range len(content) + 1 {
		temp, err := create(dir, "file")
		if err != nil {
			t.Fatal(err)
		}
		f := &full{File: temp, room: room}
		if room == len(content) {
			f.syncErr = errFull
		}
		if err := write(f, path, content, 0o644); !errors.Is(err, errFull) {
			t.Errorf("with room for %d bytes the error is %v", room, err)
		}
		if got, _ := os.ReadFile(path); string(got) != "old" {
			t.Fatalf("with room for %d bytes the old file is %q", room, got)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 1 {
			t.Fatalf("with room for %d bytes %d files are left, want 1", room, len(entries))
		}
	}
}

package private

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// user gives the test a cache, a folder for the session and one for temporary files.
func user(t *testing.T) (cache, session, temp string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("XDG_CACHE_HOME is looked at on Linux only")
	}
	cache, session, temp = t.TempDir(), t.TempDir(), t.TempDir()
	for _, dir := range []string{cache, session, temp} {
		os.Chmod(dir, 0o700)
	}
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("XDG_RUNTIME_DIR", session)
	t.Setenv("TMPDIR", temp)
	t.Cleanup(func() { Close() })
	return cache, session, temp
}

func mode(t *testing.T, dir string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(dir)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestFolderInTheCache(t *testing.T) {
	cache, _, _ := user(t)
	dir, err := Folder("runs")
	if err != nil || dir != filepath.Join(cache, "convbook", "runs") {
		t.Fatalf("%q, %v", dir, err)
	}
	if !Lasts(dir) {
		t.Error("the user's cache is said not to last")
	}
	for _, at := range []string{dir, filepath.Dir(dir)} {
		if mode(t, at) != 0o700 {
			t.Errorf("%s has the mode %v", at, mode(t, at))
		}
		os.Chmod(at, 0o755) // as an earlier version made them
	}
	if again, err := Folder("runs"); again != dir || err != nil || mode(t, dir) != 0o700 || mode(t, filepath.Dir(dir)) != 0o700 {
		t.Errorf("%q, %v with the modes %v and %v", again, err, mode(t, dir), mode(t, filepath.Dir(dir)))
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("trying to write has left %v, %v", entries, err)
	}
	if found := Existing("runs"); len(found) != 1 || found[0] != dir {
		t.Errorf("there are %q", found)
	}
}

// What is in the cache but cannot be trusted is left alone, and the next place used.
func TestFolderIsNotTrusted(t *testing.T) {
	elsewhere := t.TempDir()
	if err := os.Mkdir(filepath.Join(elsewhere, "runs"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, plant := range map[string]func(base string) error{
		"a link for all": func(base string) error { return os.Symlink(elsewhere, base) },
		"a link for one": func(base string) error {
			return errors.Join(os.Mkdir(base, 0o700), os.Symlink(elsewhere, filepath.Join(base, "runs")))
		},
		"a file":          func(base string) error { return os.WriteFile(base, nil, 0o600) },
		"open to all":     func(base string) error { return errors.Join(os.Mkdir(base, 0o700), os.Chmod(base, 0o777)) },
		"open to a group": func(base string) error { return errors.Join(os.Mkdir(base, 0o700), os.Chmod(base, 0o770)) },
		"open in it": func(base string) error {
			return errors.Join(os.MkdirAll(filepath.Join(base, "runs"), 0o700), os.Chmod(filepath.Join(base, "runs"), 0o777))
		},
		"no writing": func(base string) error { return os.MkdirAll("/proc/convbook", 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			cache, session, _ := user(t)
			if err := plant(filepath.Join(cache, "convbook")); err != nil && name != "no writing" {
				t.Fatal(err)
			}
			if name == "no writing" {
				t.Setenv("XDG_CACHE_HOME", "/proc")
			}
			want := filepath.Join(session, "convbook", "runs")
			if dir, err := Folder("runs"); err != nil || dir != want || Lasts(dir) {
				t.Errorf("%q, %v; want %q, which ends with the session", dir, err, want)
			}
			if found := Existing("runs"); len(found) != 1 || found[0] != want {
				t.Errorf("there are %q", found)
			}
			if entries, _ := os.ReadDir(filepath.Join(elsewhere, "runs")); len(entries) > 0 {
				t.Error("something was written through a link")
			}
		})
	}
}

// Without any folder of the user's, each process makes one, whose name nobody knows
// before, and removes it.
func TestFolderForOneProcess(t *testing.T) {
	_, _, temp := user(t)
	file := filepath.Join(temp, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, session := range []string{"", "relative", file, filepath.Join(temp, "missing")} {
		t.Setenv("XDG_CACHE_HOME", file)
		t.Setenv("XDG_RUNTIME_DIR", session)
		dir, err := Folder("runs")
		if err != nil || !strings.HasPrefix(dir, filepath.Join(temp, passingPrefix)) || mode(t, filepath.Dir(dir)) != 0o700 || Lasts(dir) {
			t.Fatalf("%q, %v", dir, err)
		}
		if again, _ := Folder("runs"); again != dir || len(Existing("runs")) != 1 {
			t.Errorf("then %q", again)
		}
		RemoveLeftovers() // of other processes there may be some
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("what this process uses is taken for a leftover: %v", err)
		}
		if err := Close(); err != nil {
			t.Fatal(err)
		}
		if left, _ := filepath.Glob(filepath.Join(temp, passingPrefix+"*")); left != nil {
			t.Errorf("left behind %q", left)
		}
	}
	t.Setenv("TMPDIR", file)
	if dir, err := Folder("runs"); err == nil || !strings.Contains(err.Error(), "set XDG_CACHE_HOME to one that can") {
		t.Errorf("where nothing can be written: %q, %v", dir, err)
	}
}

// A killed process's folder goes; others that are called like it stay.
func TestRemoveLeftovers(t *testing.T) {
	_, _, temp := user(t)
	for _, name := range []string{"convbook-1", "convbook-2", "other-3"} {
		if err := os.MkdirAll(filepath.Join(temp, name, "runs"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"convbook-1", "other-3"} { // the second has no lock: just being made
		if err := os.WriteFile(filepath.Join(temp, name, passingLock), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n := RemoveLeftovers(); n < 1 { // other programs may have left some, too
		t.Errorf("%d removed", n)
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "*-?")); len(left) != 2 {
		t.Errorf("left are %q", left)
	}
}

// A folder for a socket has a short path, and goes.
func TestNew(t *testing.T) {
	_, _, temp := user(t)
	long := filepath.Join(temp, strings.Repeat("long", 20))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	t.Setenv("XDG_RUNTIME_DIR", "")
	for _, longest := range []int{0, 60} {
		dir, remove, err := New(longest)
		if err != nil || longest > 0 && len(dir) > longest || mode(t, dir) != 0o700 {
			t.Fatalf("%q, %v", dir, err)
		}
		if strings.HasPrefix(dir, long) != (longest == 0) {
			t.Errorf("%q is made", dir)
		}
		if RemoveLeftovers(); Check(dir) != nil {
			t.Error("what is used is taken for a leftover")
		}
		if err := remove(); err != nil || Check(dir) == nil {
			t.Errorf("it is still there: %v", err)
		}
	}
	if dir, _, err := New(10); err == nil {
		t.Errorf("%q has more than 10 letters", dir)
	}
}

func TestRemove(t *testing.T) {
	user(t)
	dir, err := Folder("kernel")
	if err != nil {
		t.Fatal(err)
	}
	precious := t.TempDir()
	if err := os.WriteFile(filepath.Join(precious, "thesis"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	built := filepath.Join(dir, "0123")
	if err := os.MkdirAll(filepath.Join(built, "modules", "deep"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{filepath.Join(built, "link"), filepath.Join(dir, "linked")} {
		if err := os.Symlink(precious, link); err != nil {
			t.Fatal(err)
		}
	}
	for _, at := range []string{"modules/deep", "modules"} {
		os.Chmod(filepath.Join(built, at), 0o500)
	}
	for _, path := range []string{built, filepath.Join(dir, "linked"), filepath.Join(dir, "missing"), filepath.Join(dir, "missing", "too"), dir} {
		if err := Remove(path); err != nil {
			t.Error(err)
		}
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there: %v", path, err)
		}
	}
	for _, path := range []string{precious, filepath.Dir(dir), filepath.Join(dir, "..", "..", "x"), "/", "."} {
		if err := Remove(path); err == nil {
			t.Errorf("%s is removed", path)
		}
	}
	if _, err := os.Stat(filepath.Join(precious, "thesis")); err != nil {
		t.Error(err)
	}
}

package private

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// What all users of a machine share is trusted where nobody but its owner and root can
// change it. (Other owners are tried as root, in kernel/internal/attack.)
func TestCheckShared(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes are those of Unix")
	}
	for name, c := range map[string]struct {
		spoil func(above, shared, part string) error
		want  string
	}{
		"as installed":          {func(_, _, _ string) error { return nil }, ""},
		"all can write into it": {func(_, _, part string) error { return os.Chmod(part, 0o777) }, "can be written by others"},
		"a group can":           {func(_, _, part string) error { return os.Chmod(part, 0o775) }, "can be written by others"},
		"all can write around":  {func(_, shared, _ string) error { return os.Chmod(shared, 0o757) }, "can be written by others"},
		"all can write above":   {func(above, _, _ string) error { return os.Chmod(above, 0o777) }, "could exchange what is in it"},
		"as in /tmp":            {func(above, _, _ string) error { return os.Chmod(above, 0o777|os.ModeSticky) }, ""},
		"a link to it":          {func(_, _, part string) error { os.Remove(part); return os.Symlink(t.TempDir(), part) }, "is a link and no folder"},
		"a file":                {func(_, _, part string) error { os.Remove(part); return os.WriteFile(part, nil, 0o644) }, "is a file and no folder"},
		"nothing":               {func(_, _, part string) error { return os.Remove(part) }, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			above := filepath.Join(t.TempDir(), "above")
			shared := filepath.Join(above, "shared")
			part := filepath.Join(shared, "part")
			if err := MakeShared(part); err != nil {
				t.Fatal(err)
			}
			if err := c.spoil(above, shared, part); err != nil {
				t.Fatal(err)
			}
			err := CheckShared(shared, part)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	shared := t.TempDir()
	for _, elsewhere := range []string{filepath.Dir(shared), filepath.Join(shared, "..", "x"), "part"} {
		if CheckShared(shared, elsewhere) == nil {
			t.Errorf("%s counts as a part of %s", elsewhere, shared)
		}
	}
	if CheckShared("relative", "relative/part") == nil {
		t.Error("a relative folder is trusted")
	}
}

// The way to it may go by a link of the administrator's.
func TestCheckSharedBehindALink(t *testing.T) {
	real := filepath.Join(t.TempDir(), "real", "shared")
	if err := MakeShared(real); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Dir(real), link); err != nil {
		t.Skip(err)
	}
	if err := CheckShared(filepath.Join(link, "shared"), filepath.Join(link, "shared")); err != nil {
		t.Error(err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Chmod(filepath.Dir(real), 0o777); err != nil {
		t.Fatal(err)
	}
	if CheckShared(filepath.Join(link, "shared"), filepath.Join(link, "shared")) == nil {
		t.Error("all can write behind the link")
	}
}

func TestMakeShared(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b", "c")
	for range 2 {
		if err := MakeShared(dir); err != nil {
			t.Fatal(err)
		}
	}
	if runtime.GOOS != "windows" && mode(t, dir) != 0o755 {
		t.Errorf("it has the mode %v", mode(t, dir))
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := MakeShared(file); err == nil || !strings.Contains(err.Error(), "is a file") {
		t.Errorf("a file: %v", err)
	}
}

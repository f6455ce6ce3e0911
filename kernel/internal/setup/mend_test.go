package setup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/pkg/system/remedy"
)

func TestMend(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", dir)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("no space left on device; permission denied") // words alone mean nothing
	for _, c := range []struct{ name, folder, want string }{
		{"nothing", filepath.Join(dir, "a", "b"), "connect to the network and run again"},
		{"a file in the way", file, "remove the file " + file},
		{"a file above", filepath.Join(file, "go", "pkg"), "file"},
		{"no folder can be made", "/proc/nothing/here", "XDG_CACHE_HOME"},
		{"not set", "", "connect to the network"},
	} {
		problem, mend := remedy.Split(Mend(failed, "the build", c.folder))
		if problem != "the build: "+failed.Error() || !strings.Contains(mend, c.want) {
			t.Errorf("%s: %q, %q, want %q", c.name, problem, mend, c.want)
		}
	}
	if Mend(nil, "x") != nil {
		t.Error("what did not fail has a remedy")
	}
}

func TestHomesThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for home, want := range map[string]string{t.TempDir(): "", "relative": "relative", "/proc/nothing": "/proc/nothing", file: file} {
		t.Setenv("HOME", home)
		err := checkHome()
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "set HOME")) {
			t.Errorf("HOME=%s: %v", home, err)
		}
	}
}

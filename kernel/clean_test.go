package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCleanAsksFirst(t *testing.T) {
	onlyOnLinux(t)
	t.Parallel()
	home := t.TempDir()
	built := filepath.Join(home, "cache", "convbook", "kernel", "0123")
	other := filepath.Join(home, "cache", "convbook", "data", "fashion")
	for _, dir := range []string{built, other} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "file"), make([]byte, 2_500_000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	modules := filepath.Join(home, "cache", "convbook", "home", "go")
	if err := os.MkdirAll(filepath.Join(modules, "pkg"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(modules, 0o500); err != nil { // as Go has its modules
		t.Fatal(err)
	}
	env := []string{"XDG_CACHE_HOME=" + filepath.Join(home, "cache"), "XDG_DATA_HOME=" + home, "TMPDIR=" + home}
	c := begin(t, env, "clean")
	if code := c.ends(); code != 0 || !strings.Contains(c.stdout.String(), "2.5 MB  "+filepath.Dir(built)) {
		t.Errorf("exit status %d: %s%s", code, c.stdout, c.stderr)
	}
	if _, err := os.Stat(built); err != nil {
		t.Errorf("removed without a yes: %v", err)
	}
	for _, want := range []string{filepath.Dir(built), "Nothing is set up."} {
		c := begin(t, env, "clean", "--yes")
		if code := c.ends(); code != 0 || !strings.Contains(c.stdout.String(), want) {
			t.Errorf("exit status %d: %s%s; want %q", code, c.stdout, c.stderr, want)
		}
	}
	for _, dir := range []string{built, modules} {
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("not removed: %s, %v", dir, err)
		}
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("the data sets are gone: %v", err)
	}
}

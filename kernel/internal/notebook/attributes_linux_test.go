package notebook

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func TestReplaceKeepsAttributesAndOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hw.ipynb")
	nb, was := placed(t, path, 0o640)
	const name = "user.xdg.origin.url"
	if err := unix.Setxattr(path, name, []byte("https://example.com/hw"), 0); err != nil {
		t.Logf("no extended attributes here: %v", err)
	} else {
		defer func() {
			value := make([]byte, 100)
			n, err := unix.Getxattr(path, name, value)
			if err != nil || string(value[:n]) != "https://example.com/hw" {
				t.Errorf("the attribute is %q, %v", value[:max(n, 0)], err)
			}
		}()
	}
	if os.Getuid() == 0 {
		if err := os.Chown(path, 1234, 1235); err != nil {
			t.Fatal(err)
		}
	}
	before, _ := os.Stat(path)
	if _, err := nb.Replace(path, was); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if b, a := before.Sys().(*syscall.Stat_t), after.Sys().(*syscall.Stat_t); a.Uid != b.Uid || a.Gid != b.Gid || after.Mode() != before.Mode() {
		t.Errorf("owner %d:%d and mode %v, want %d:%d and %v", a.Uid, a.Gid, after.Mode(), b.Uid, b.Gid, before.Mode())
	}
}

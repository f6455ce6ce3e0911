package kernelspec

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"convbook/kernel/internal/setup"
)

func tools(root string) *setup.Tools {
	return &setup.Tools{Root: root, Bin: "/cache/bin", Env: []string{"PATH=/old", "SECRET=not for a file", "GOCACHE=/cache/go",
		"CONVBOOK_DATA=/data", "PATH=/cache/bin:/usr/bin", "GOENV=off", "CGO_ENABLED=0", "GOFLAGS=-ldflags=-s", "GOPROXY=off"}}
}

func TestWriteAndRemove(t *testing.T) {
	data := filepath.Join(t.TempDir(), "share", "jupyter")
	if _, err := Installed(data); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before: %v", err)
	}
	for _, root := range []string{"/clone one", "/clone two"} {
		dir, err := Write(data, tools(root))
		if err != nil || dir != Folder(data) {
			t.Fatalf("%q, %v", dir, err)
		}
		if got, err := Installed(data); err != nil || got != root {
			t.Errorf("belongs to %q, %v; want %q", got, err, root)
		}
	}
	for _, want := range []bool{true, false} {
		if removed, err := Remove(data); err != nil || removed != want {
			t.Errorf("removed: %v, %v; want %v", removed, err, want)
		}
	}
}

// TestSettings checks that only settings of Go and of convbook get into a file
// that others may read, and that the last of several entries counts.
func TestSettings(t *testing.T) {
	data := t.TempDir()
	dir, err := Write(data, tools("/clone"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s spec
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"PATH": "/cache/bin:/usr/bin", "GOCACHE": "/cache/go", "CONVBOOK_DATA": "/data", "GOENV": "off",
		"GOFLAGS": "-ldflags=-s", "CGO_ENABLED": "0", "GOPROXY": "off", "GOWORK": "", "GO111MODULE": "", "GOOS": "", "GOARCH": "", "GOBIN": ""}
	for name, value := range want {
		if got, set := s.Env[name]; !set || got != value {
			t.Errorf("%s=%q, want %q", name, got, value)
		}
	}
	if len(s.Env) != len(want) {
		t.Errorf("the kernelspec says %v", s.Env)
	}
}

func TestOthersKernelspecs(t *testing.T) {
	for name, text := range map[string]string{
		"of another program": `{"argv": ["gonb"], "display_name": "Go (gonb)", "metadata": {}}`,
		"not JSON":           `{"argv": [`,
		"empty":              ``,
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			path := filepath.Join(Folder(data), "kernel.json")
			if err := os.MkdirAll(Folder(data), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if removed, err := Remove(data); err == nil || removed {
				t.Errorf("removed: %v, %v", removed, err)
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("it is gone: %v", err)
			}
		})
	}
}

func TestUserData(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the places are those of Linux")
	}
	for _, name := range []string{"JUPYTER_DATA_DIR", "XDG_DATA_HOME"} {
		t.Setenv(name, "")
	}
	t.Setenv("HOME", "/home/kim")
	for _, c := range []struct{ name, value, want string }{
		{"HOME", "/home/kim", "/home/kim/.local/share/jupyter"},
		{"XDG_DATA_HOME", "/data", "/data/jupyter"},
		{"JUPYTER_DATA_DIR", "/jupyter", "/jupyter"},
	} {
		t.Setenv(c.name, c.value)
		if got, err := UserData(); err != nil || got != c.want {
			t.Errorf("with %s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

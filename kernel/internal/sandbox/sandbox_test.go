package sandbox

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// entrance is built once for all tests.
var entrance = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "entrance")
	if err != nil {
		return "", err
	}
	os.Chmod(folder, 0o755)
	path := filepath.Join(folder, "inside")
	return path, Build(context.Background(), "go", os.Environ(), "../../..", path)
})

func TestMain(m *testing.M) {
	status := m.Run()
	if path, err := entrance(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(status)
}

// each runs a test in each sandbox that holds on this machine.
func each(t *testing.T, test func(t *testing.T, s *Sandbox)) {
	t.Helper()
	tried := 0
	for _, m := range modes() {
		path, err := entrance()
		if err != nil {
			t.Fatal(err)
		}
		s, err := try(context.Background(), m, path)
		if err != nil {
			t.Logf("not tried, %s: %v", m, err)
			continue
		}
		tried++
		t.Run(string(m), func(t *testing.T) { test(t, s) })
	}
	if tried == 0 {
		t.Skip("there is no sandbox here")
	}
}

func TestX(t *testing.T) { each(t, func(t *testing.T, s *Sandbox) { t.Log(s) }) }

package sandbox

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// entranceVariable tells a test that runs as another user where the entrance is.
const entranceVariable = "CONVBOOK_TEST_ENTRANCE"

// entrance is built once for all tests.
var entrance = sync.OnceValues(func() (string, error) {
	if path := os.Getenv(entranceVariable); path != "" {
		return path, nil
	}
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
	if os.Getenv(entranceVariable) == "" {
		if path, err := entrance(); err == nil {
			os.RemoveAll(filepath.Dir(path))
		}
	}
	os.Exit(status)
}

// each runs a test in each sandbox that holds on this machine.
func each(t *testing.T, test func(t *testing.T, s *Sandbox)) {
	t.Helper()
	path, err := entrance()
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, m := range modes() {
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

// run runs the entrance in its role of a prober: the only program without C at hand.
func run(s *Sandbox, ctx context.Context, argument string) (string, error) {
	var said bytes.Buffer
	_, err := s.Run(ctx, Program{Command: []string{s.self, getOut, argument}, Env: []string{"A=b"}, Read: []string{s.self},
		Limits: Limits{Memory: 1 << 30, File: 1 << 20, CPU: time.Second / 2}, Stdout: &said, Stderr: &said})
	return said.String(), err
}

// TestNothingGetsOut runs what tries to get out, in each sandbox. As a control, the same
// program gets at everything without one.
func TestNothingGetsOut(t *testing.T) {
	each(t, func(t *testing.T, s *Sandbox) {
		if err := s.holds(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if runtime.GOOS != "linux" {
		return
	}
	path, err := entrance()
	if err != nil {
		t.Fatal(err)
	}
	if err := Trust(path).holds(t.Context()); err == nil || !strings.Contains(err.Error(), "could read a file") || !strings.Contains(err.Error(), "could open a socket") {
		t.Errorf("without a sandbox: %v", err)
	}
}

// TestLimits ends what computes for too long, and what is told to.
func TestLimits(t *testing.T) {
	each(t, func(t *testing.T, s *Sandbox) {
		began := time.Now()
		if said, err := run(s, t.Context(), spin); err == nil || time.Since(began) > time.Minute {
			t.Errorf("a loop of %v: %v %q", time.Since(began), err, said)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		began = time.Now()
		if said, err := run(s, ctx, sleep); err == nil || time.Since(began) > 5*time.Second {
			t.Errorf("a sleep of %v: %v %q", time.Since(began), err, said)
		}
		if said, err := run(s, t.Context(), devour); err == nil || !strings.Contains(said, "out of memory") && !strings.Contains(said, "cannot allocate") {
			t.Errorf("much memory: %v %.200q", err, said)
		}
	})
}

// TestOrdinaryUsers does the other tests as somebody who is not root.
func TestOrdinaryUsers(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("only root can become somebody else")
	}
	path, err := entrance()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("/tmp", "ordinary")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	os.Chmod(folder, 0o777)
	for from, to := range map[string]string{os.Args[0]: "test", path: "inside"} {
		content, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, to), content, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(filepath.Join(folder, "test"), "-test.run", "NothingGetsOut", "-test.v")
	cmd.Dir = folder
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "TMPDIR=" + folder, entranceVariable + "=" + filepath.Join(folder, "inside")}
	become(cmd, 54321)
	said, err := cmd.CombinedOutput()
	t.Logf("%s", said)
	if err != nil {
		t.Error(err)
	}
}

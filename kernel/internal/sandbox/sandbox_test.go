package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"convbook/kernel/internal/attack"
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

const (
	getOutAsOther    = "try to get out"
	entranceVariable = "CONVBOOK_TEST_ENTRANCE" // where somebody else finds the entrance
)

func TestMain(m *testing.M) {
	attack.Play(map[string]func() error{getOutAsOther: func() error { return held(os.Getenv(entranceVariable), func(*Sandbox) {}) }})
	status := m.Run()
	if path, err := entrance(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(status)
}

// held calls f with each sandbox that can be made on this machine. That one does not
// hold is an error.
func held(path string, f func(s *Sandbox)) error {
	for _, m := range modes() {
		switch s, err := try(context.Background(), m, path); {
		case errors.Is(err, errEscapes):
			return fmt.Errorf("%s: %w", m, err)
		case err != nil:
			fmt.Printf("not tried, %s: %v\n", m, err)
		default:
			fmt.Printf("tried: %s\n", m)
			f(s)
		}
	}
	return nil
}

// each runs a test in each sandbox that can be made on this machine.
func each(t *testing.T, test func(t *testing.T, s *Sandbox)) {
	t.Helper()
	path, err := entrance()
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	err = held(path, func(s *Sandbox) {
		tried++
		t.Run(string(s.mode), func(t *testing.T) { test(t, s) })
	})
	if err != nil {
		t.Fatal(err)
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
		const most = 1 << 20
		folder := t.TempDir()
		var said bytes.Buffer
		_, err := s.Run(t.Context(), Program{Command: []string{s.self, getOut, fill}, Env: []string{}, Read: []string{s.self}, Write: folder,
			Limits: Limits{Memory: 1 << 30, File: most, CPU: time.Second}, Stdout: &said, Stderr: &said})
		info, missing := os.Stat(filepath.Join(folder, "filled"))
		if missing != nil || info.Size() > most || err == nil && !strings.Contains(said.String(), "too large") {
			t.Errorf("a large file: %v, %v %.200q", missing, err, said.String())
		}
	})
}

// TestOrdinaryUsers tries to get out as somebody who is not root.
func TestOrdinaryUsers(t *testing.T) {
	_, user := attack.Accounts(t)
	path, err := entrance()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	theirs := filepath.Join(user.Home, "inside")
	if err := os.WriteFile(theirs, program, 0o755); err != nil {
		t.Fatal(err)
	}
	// A sandbox makes its root beside its entrance.
	if err := os.Chown(theirs, user.UID, user.UID); err != nil {
		t.Fatal(err)
	}
	said, err := user.Act(getOutAsOther, entranceVariable+"="+theirs, "PATH="+os.Getenv("PATH")).CombinedOutput()
	t.Logf("%s", said)
	if err != nil || !strings.Contains(string(said), "ried") {
		t.Error(err)
	}
}

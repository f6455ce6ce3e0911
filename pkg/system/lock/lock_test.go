package lock

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

const holder = "CONVBOOK_TEST_HOLD"

// TestMain is also the process that holds a lock until it is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(holder); path != "" {
		file, err := Take(path)
		if err != nil {
			os.Exit(1)
		}
		os.Stdout.WriteString("locked\n")
		time.Sleep(time.Minute)
		file.Close()
	}
	os.Exit(m.Run())
}

// hold starts a process that has the lock of a file.
func hold(t *testing.T, path string) *exec.Cmd {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), holder+"="+path)
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { child.Process.Kill() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "locked\n" {
		t.Fatalf("the child says %q, %v", line, err)
	}
	return child
}

func TestOneHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	if _, err := Abandoned(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there gives %v", err)
	}
	first, err := Take(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, take := range map[string]func(string) (*os.File, error){"Take": Take, "Abandoned": Abandoned} {
		if _, err := take(path); !errors.Is(err, ErrHeld) {
			t.Errorf("%s of a held lock gives %v", name, err)
		}
	}
	first.Close()
	for name, take := range map[string]func(string) (*os.File, error){"Take": Take, "Abandoned": Abandoned} {
		file, err := take(path)
		if err != nil {
			t.Fatalf("%s after the first was closed: %v", name, err)
		}
		file.Close()
	}
	if _, err := Take(filepath.Join(path, "in a file")); err == nil {
		t.Error("a lock is taken where no file can be")
	}
}

func TestLockDiesWithItsProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	child := hold(t, path)
	if _, err := Take(path); !errors.Is(err, ErrHeld) {
		t.Errorf("while another process has the lock: %v", err)
	}
	waits := make(chan struct{})
	got := make(chan error, 1)
	go func() {
		file, err := Wait(t.Context(), path, func() { close(waits) })
		if err == nil {
			file.Close()
		}
		got <- err
	}()
	<-waits
	select {
	case err := <-got:
		t.Errorf("it did not wait: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	child.Process.Kill()
	child.Wait()
	select {
	case err := <-got:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("it waits for a process that was killed")
	}
	file, err := Abandoned(path)
	if err != nil {
		t.Fatalf("after the other process was killed: %v", err)
	}
	file.Close()
}

func TestWaitIsStopped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	file, err := Take(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	if _, err := Wait(ctx, path, func() { cancel(stopped) }); err != stopped {
		t.Errorf("error %v", err)
	}
}

// A lock that others could open, they could hold.
func TestNobodyElseCanOpenIt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes")
	}
	made, found := filepath.Join(t.TempDir(), "made"), filepath.Join(t.TempDir(), "found")
	if err := os.WriteFile(found, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{made, found} {
		file, err := Take(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v, %v; want 0600", filepath.Base(path), info.Mode(), err)
		}
	}
}

// A link in the place of a lock is not followed, and a folder is no lock.
func TestNoLink(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links are an administrator's")
	}
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, "link")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, folder} {
		if file, err := Take(path); err == nil {
			file.Close()
			t.Errorf("%s is locked", path)
		}
	}
	if _, err := os.Lstat(target); err == nil {
		t.Error("the link's target was made")
	}
}

// A file that was removed while it was opened is locked under its name all the same.
func TestRemovedMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for range 200 {
		done := make(chan struct{})
		go func() {
			os.Remove(path)
			close(done)
		}()
		file, err := Take(path)
		<-done
		if err != nil {
			t.Fatal(err)
		}
		if second, err := Take(path); err == nil && IsAt(file, path) {
			second.Close()
			t.Fatal("two have the lock of one file")
		} else if err == nil {
			second.Close()
		}
		file.Close()
	}
}

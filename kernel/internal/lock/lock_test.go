package lock

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const holder = "CONVBOOK_TEST_HOLD"

// TestMain is also the process that holds a lock until it is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(holder); path != "" {
		release, free := Try(path)
		if !free {
			os.Exit(1)
		}
		os.Stdout.WriteString("locked\n")
		time.Sleep(time.Minute)
		release()
	}
	os.Exit(m.Run())
}

func TestLockDiesWithItsProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
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
	if _, free := Try(path); free {
		t.Error("two have the lock")
	}
	waits := make(chan struct{})
	got := make(chan error, 1)
	go func() {
		release, err := Wait(t.Context(), path, func() { close(waits) })
		if err == nil {
			release()
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
	if release, free := Try(path); !free {
		t.Error("the lock was not released")
	} else {
		release()
	}
}

func TestWaitIsStopped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	release, free := Try(path)
	if !free {
		t.Fatal("a new lock is not free")
	}
	defer release()
	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	if _, err := Wait(ctx, path, func() { cancel(stopped) }); err != stopped {
		t.Errorf("error %v", err)
	}
}

// Where there can be no lock, as on some file systems, the work goes on.
func TestWaitWithoutLocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "no such folder", "lock")
	release, err := Wait(t.Context(), path, func() { t.Error("it waits for nobody") })
	if err != nil {
		t.Fatal(err)
	}
	release()
	if _, free := Try(path); free {
		t.Error("nothing can be locked there, yet it is said to be")
	}
}

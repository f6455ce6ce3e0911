package filelock

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const holder = "CONVBOOK_TEST_HOLD"

// TestMain is also the process that holds a lock until it is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(holder); path != "" {
		if _, err := Lock(path); err != nil {
			os.Exit(1)
		}
		os.Stdout.WriteString("locked\n")
		select {}
	}
	os.Exit(m.Run())
}

func TestOneHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(path); !errors.Is(err, ErrHeld) {
		t.Errorf("a second lock gives %v", err)
	}
	first.Close()
	second, err := Lock(path)
	if err != nil {
		t.Errorf("after the first was closed: %v", err)
	}
	second.Close()
	if _, err := Lock(filepath.Join(path, "in a file")); err == nil {
		t.Error("a lock where no file can be is had")
	}
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
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "locked\n" {
		t.Fatalf("the child says %q, %v", line, err)
	}
	if _, err := Lock(path); !errors.Is(err, ErrHeld) {
		t.Errorf("while another process has the lock: %v", err)
	}
	child.Process.Kill()
	child.Wait()
	file, err := Lock(path)
	if err != nil {
		t.Fatalf("after the other process was killed: %v", err)
	}
	file.Close()
}

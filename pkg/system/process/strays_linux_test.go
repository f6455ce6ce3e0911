package process

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What a command has started ends with it.
func TestRunIsStopped(t *testing.T) {
	folder := t.TempDir()
	cmd := shell(t, "sleep 100 & echo begun; sleep 100")
	cmd.Env = append(os.Environ(), "TMPDIR="+folder+"/")
	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	began := time.Now()
	err := Run(ctx, cmd, func(string) bool {
		cancel(stopped)
		return false
	})
	if err != stopped || time.Since(began) > 10*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	for end := time.Now().Add(5 * time.Second); len(mentioning(folder+"/")) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("processes are left: %v", mentioning(folder+"/"))
		}
	}
}

func TestEndStrays(t *testing.T) {
	folder := t.TempDir()
	stray, other := shell(t, "while :; do sleep 100; done"), shell(t, "sleep 100")
	stray.Env = append(os.Environ(), "TMPDIR="+filepath.Join(folder, "tmp"))
	other.Env = append(os.Environ(), "TMPDIR="+folder+"-of-a-neighbour/tmp")
	for _, cmd := range []*exec.Cmd{stray, other} {
		OwnGroup(cmd)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { EndGroup(cmd) })
	}
	EndStrays(folder)
	if err := stray.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("the stray: %v", err)
	}
	if !Alive(other.Process.Pid) {
		t.Error("a process of another folder was ended")
	}
}

// One that has ended is not alive, whoever should have asked how.
func TestZombie(t *testing.T) {
	cmd := shell(t, "exit 0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	for end := time.Now().Add(5 * time.Second); Alive(cmd.Process.Pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a process that has ended is said to be alive")
		}
	}
	if !Alive(os.Getpid()) {
		t.Error("this process is said to have ended")
	}
}

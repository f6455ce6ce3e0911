package runs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/process"
	"convbook/pkg/system/private"
)

// TestSleep is the program that the other tests start, for nothing but Go need be
// on PATH.
func TestSleep(t *testing.T) {
	if os.Getenv("CONVBOOK_TEST_SLEEP") == "" {
		t.Skip("skipped: it only sleeps, for another test")
	}
	time.Sleep(100 * time.Second)
}

func TestSweepRemovesOnlyWhatNobodyOwns(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("XDG_CACHE_HOME is looked at on Linux only")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	runs, err := private.Folder("runs")
	if err != nil {
		t.Fatal(err)
	}
	ended := exec.Command(os.Args[0], "-test.run=^$")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	gone := ended.Process.Pid
	own, err := Folder()
	if err != nil {
		t.Fatal(err)
	}
	left := fmt.Sprintf("%d-%s-123", gone, host())
	kept := []string{
		filepath.Base(own),
		fmt.Sprintf("%d-%s-123", os.Getppid(), host()), // a process that is alive
		fmt.Sprintf("%d-another-machine-123", gone),
		fmt.Sprintf("%d-%s-1-123", gone, host()), // a machine whose name begins like ours
		fmt.Sprintf("%d-123", gone),
		"something else",
	}
	for _, name := range append(slices.Clone(kept), left) {
		if err := os.MkdirAll(filepath.Join(runs, name, "tmp"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	ofItself := filepath.Join(runs, fmt.Sprintf("%d-%s-124", gone, host()), "tmp") // a kernel that ended by itself
	if err := os.MkdirAll(ofItself, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(runs, left, "connection.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	orphan := exec.Command(os.Args[0], "-test.run=^TestSleep$")
	orphan.Env = []string{"CONVBOOK_TEST_SLEEP=1", "TMPDIR=" + filepath.Join(runs, left, "tmp")}
	bystander := exec.Command(os.Args[0], "-test.run=^TestSleep$")
	bystander.Env = []string{"CONVBOOK_TEST_SLEEP=1", "TMPDIR=" + filepath.Join(runs, kept[2], "tmp")}
	for _, cmd := range []*exec.Cmd{orphan, bystander} {
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill() })
	}
	if n := Running(); n != 1 {
		t.Errorf("%d others are said to run", n)
	}
	if swept, err := Sweep(); err != nil || swept != 1 {
		t.Fatalf("swept %d, %v", swept, err)
	}
	if err := orphan.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("the process that was left: %v", err)
	}
	if !process.Alive(bystander.Process.Pid) {
		t.Error("a process of another machine's run was ended")
	}
	entries, err := os.ReadDir(runs)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.Sort(kept)
	if !slices.Equal(names, kept) {
		t.Errorf("there are %q, want %q", names, kept)
	}
}

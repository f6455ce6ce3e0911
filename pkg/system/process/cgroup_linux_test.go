package process

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// A daemon that has a session of its own and nothing in its environment ends with its
// group.
func TestCgroup(t *testing.T) {
	name := "test-" + strconv.Itoa(os.Getpid())
	g := NewCgroup(name)
	if g == nil {
		t.Skip("skipped: no control group can be made here")
	}
	t.Cleanup(func() { g.End() })
	told := filepath.Join(t.TempDir(), "pid")
	cmd := shell(t, "read go; env -i setsid sh -c 'echo $$ > "+told+".new; mv "+told+".new "+told+"; exec sleep 100' & ")
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := g.Add(cmd.Process.Pid); err != nil {
		t.Fatal(err)
	}
	input.Write([]byte("\n"))
	cmd.Wait()
	var pid int
	for end := time.Now().Add(5 * time.Second); pid == 0; time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(told); err == nil {
			pid, _ = strconv.Atoi(string(text[:len(text)-1]))
		}
		if time.Now().After(end) {
			t.Fatal("the daemon does not start")
		}
	}
	if !Alive(pid) {
		t.Fatal("the daemon ends by itself")
	}
	if found := FindCgroup(g.Path(), name); found == nil || found.Path() != g.Path() {
		t.Errorf("the group is found as %v", found)
	}
	if FindCgroup(g.Path(), name+"1") != nil {
		t.Error("the group of another run is found")
	}
	if err := g.End(); err != nil {
		t.Error(err)
	}
	if Alive(pid) {
		t.Error("the daemon lives")
	}
	if FindCgroup(g.Path(), name) != nil || FindCgroup("/sys/fs/cgroup", name) != nil {
		t.Error("a group is found that is not there, or not ours")
	}
}

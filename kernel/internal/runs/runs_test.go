package runs

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/pkg/system/lock"
	"convbook/pkg/system/private"
	"convbook/pkg/system/process"
)

// asOwner makes the program of the tests a process that has a folder, or that only
// sleeps: nothing but Go need be on PATH.
const asOwner = "CONVBOOK_TEST_OWNER"

func TestMain(m *testing.M) {
	switch os.Getenv(asOwner) {
	case "":
		os.Exit(m.Run())
	case "folder":
		folder, err := Folder()
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.WriteFile(filepath.Join(folder, "connection.json"), nil, 0o600)
		fmt.Println(folder)
	}
	time.Sleep(100 * time.Second)
}

// ownCache gives the test a cache folder of its own.
func ownCache(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("XDG_CACHE_HOME is looked at on Linux only")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
}

// begin starts a process that has a folder, by a command that starts it, and returns
// both.
func begin(t *testing.T, before ...string) (cmd *exec.Cmd, folder string) {
	t.Helper()
	args := append(before, os.Args[0])
	cmd = exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), asOwner+"=folder")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, _ := bufio.NewReader(out).ReadString('\n')
	folder = strings.TrimSpace(line)
	if _, err := os.Stat(folder); err != nil || folder == "" {
		t.Fatalf("the process says %q, %v", folder, err)
	}
	return cmd, folder
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// sleeper starts a process that knows a folder.
func sleeper(t *testing.T, folder string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = []string{asOwner + "=sleep", "TMPDIR=" + filepath.Join(folder, "tmp")}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd
}

func TestOnlyWhatNobodyOwnsIsRemoved(t *testing.T) {
	ownCache(t)
	own, err := Folder()
	if err != nil {
		t.Fatal(err)
	}
	runs := filepath.Dir(own)
	_, alive := begin(t)
	killed, left := begin(t)
	killed.Process.Kill()
	killed.Wait()
	gone := killed.Process.Pid
	kept := []string{filepath.Base(own), filepath.Base(alive), lockFile,
		fmt.Sprintf("%d-another-machine-123", gone),
		fmt.Sprintf("%d-%s-1-123", gone, host()), // a machine whose name begins like ours
		fmt.Sprintf("%d-123", gone),
		fmt.Sprintf("%d-%s-130", gone, host()), // no lock: just being made
		"something else",
	}
	ofItself := fmt.Sprintf("%d-%s-124", gone, host()) // a kernel that ended by itself
	old := fmt.Sprintf("%d-%s-125", gone, host())      // of an earlier version
	for _, name := range append(slices.Clone(kept), ofItself, old) {
		if err := os.MkdirAll(filepath.Join(runs, name, "tmp"), 0o700); err != nil && name != lockFile {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(runs, ofItself, lockFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	yesterday := time.Now().Add(-24 * time.Hour)
	os.Chtimes(filepath.Join(runs, old), yesterday, yesterday)
	orphan, bystander := sleeper(t, left), sleeper(t, filepath.Join(runs, kept[3]))
	if n := Running(); n != 1 {
		t.Errorf("%d others are said to run", n)
	}
	if removed, err := RemoveLeftovers(); err != nil || removed != 1 {
		t.Fatalf("removed %d, %v", removed, err)
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
	if err := Remove(own); err != nil || isThere(own) {
		t.Errorf("this process's own folder: %v", err)
	}
}

// A run in another PID namespace, as in a container that has the home mounted, is
// alive although its number is nobody's here. Once it is killed it is a leftover.
func TestLiveInAnotherNamespace(t *testing.T) {
	ownCache(t)
	inside := []string{"unshare", "--user", "--map-current-user", "--pid", "--fork", "--kill-child", "--mount-proc"}
	if os.Getuid() == 0 {
		inside = []string{"unshare", "--pid", "--fork", "--kill-child", "--mount-proc"}
	}
	if out, err := exec.Command(inside[0], append(inside[1:], os.Args[0], "-test.run=^$")...).CombinedOutput(); err != nil {
		t.Skipf("skipped: no PID namespace can be made here: %v %s", err, out)
	}
	cmd, folder := begin(t, inside...)
	if pid, _, _ := owner(filepath.Base(folder)); pid > 5 {
		t.Fatalf("the process has the number %d: it is not in a namespace of its own", pid)
	}
	if removed, err := RemoveLeftovers(); removed != 0 || err != nil || !isThere(folder) {
		t.Fatalf("the folder of a live run was removed: %d, %v", removed, err)
	}
	if n := Running(); n != 1 {
		t.Errorf("%d are said to run", n)
	}
	cmd.Process.Kill()
	cmd.Wait()
	for end := time.Now().Add(5 * time.Second); isThere(folder); time.Sleep(10 * time.Millisecond) {
		if _, err := RemoveLeftovers(); err != nil || time.Now().After(end) {
			t.Fatalf("after its end the folder is still there, %v", err)
		}
	}
}

// What runs for a folder ends with it, in whatever session.
func TestRemoveEndsWhatRuns(t *testing.T) {
	ownCache(t)
	folder, err := Folder()
	if err != nil {
		t.Fatal(err)
	}
	settings, err := Temp(folder)
	if err != nil {
		t.Fatal(err)
	}
	told := filepath.Join(t.TempDir(), "pid")
	cmd := exec.Command("/bin/sh", "-c", "TMPDIR=/ setsid sh -c 'echo $$ > "+told+"; exec sleep 100' > /dev/null &")
	cmd.Env = append(os.Environ(), settings...)
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	Contain(folder, cmd.Process.Pid)
	cmd.Wait()
	var pid int
	for end := time.Now().Add(5 * time.Second); pid == 0 && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		text, _ := os.ReadFile(told)
		fmt.Sscan(string(text), &pid)
	}
	if pid == 0 || !process.Alive(pid) {
		t.Fatalf("the daemon %d does not run", pid)
	}
	if err := Remove(folder); err != nil {
		t.Error(err)
	}
	for end := time.Now().Add(5 * time.Second); process.Alive(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the daemon lives")
		}
	}
}

// A lock that others could open, they could hold, and then nobody could tell.
func TestNobodyElseCanHoldIt(t *testing.T) {
	ownCache(t)
	folder, err := Folder()
	if err != nil {
		t.Fatal(err)
	}
	defer Remove(folder)
	for path, want := range map[string]fs.FileMode{folder: 0o700, filepath.Dir(folder): 0o700,
		filepath.Join(folder, lockFile): 0o600, filepath.Join(filepath.Dir(folder), lockFile): 0o600} {
		if info, err := os.Lstat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has the mode %v, %v; want %v", path, info.Mode(), err, want)
		}
	}
	if _, err := lock.Abandoned(filepath.Join(folder, lockFile)); !errors.Is(err, lock.ErrHeld) {
		t.Errorf("the lock of a live folder: %v", err)
	}
	if len(private.Existing("runs")) != 1 {
		t.Error("the folder of runs is not private")
	}
}

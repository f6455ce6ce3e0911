package attack

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/runs"
	"convbook/pkg/system/process"
)

func init() {
	roles["run"] = run
	roles["daemon"] = daemon
}

// run has the folder of a run until it is killed.
func run() error {
	folder, err := runs.Folder()
	if err != nil {
		return err
	}
	fmt.Println(folder)
	select {}
}

// begun starts a role and returns the first line that it prints.
func begun(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	t.Cleanup(func() {
		process.EndGroup(cmd)
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("it says %q, %v", line, err)
	}
	return strings.TrimSpace(line)
}

// A lock says that a run is alive. Another user can neither hold it nor look into the
// run's folder, even where the home is open to all.
func TestLocksOfAnother(t *testing.T) {
	attacker, victim := Accounts(t)
	victim.Shell(t, "mkdir -m 755 .cache; mkdir -m 755 .cache/convbook") // as an earlier version made them
	folder := begun(t, victim.Act("run"))
	if !strings.HasPrefix(folder, victim.Home) {
		t.Fatalf("the run's folder is %s", folder)
	}
	for _, path := range []string{folder + "/lock", filepath.Dir(folder) + "/lock", folder, filepath.Dir(folder)} {
		out, err := attacker.Command(nil, "/bin/sh", "-c", "exec 9< "+path).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "ermission denied") {
			t.Errorf("the attacker opens %s: %v\n%s", path, err, out)
		}
	}
	// Nor does the attacker's clean do the victim's run any harm.
	if out, err := attacker.Act("remove leftovers", "CONVBOOK_TEST_ROUNDS=1", "XDG_CACHE_HOME="+filepath.Join(victim.Home, ".cache")).CombinedOutput(); err != nil {
		t.Logf("%v\n%s", err, out)
	}
	if _, err := os.Stat(folder + "/lock"); err != nil {
		t.Error(err)
	}
}

// daemon starts what gets away from a run: a session of its own, which takes itself
// for a program that has nothing to do with it.
func daemon() error {
	folder, err := runs.Folder()
	if err != nil {
		return err
	}
	settings, err := runs.Temp(folder)
	if err != nil {
		return err
	}
	told := filepath.Join(os.Getenv("HOME"), "pid")
	cmd := exec.Command("/bin/sh", "-c", "cd /; TMPDIR=/ setsid sh -c 'echo $$ > "+told+"; exec sleep 100' > /dev/null 2>&1 &")
	cmd.Env = append(os.Environ(), settings...)
	if err := cmd.Start(); err != nil {
		return err
	}
	runs.Contain(folder, cmd.Process.Pid)
	cmd.Wait()
	pid := 0
	for end := time.Now().Add(5 * time.Second); pid == 0 && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		text, _ := os.ReadFile(told)
		fmt.Sscan(string(text), &pid)
	}
	if pid == 0 || !process.Alive(pid) {
		return errors.New("the daemon does not run")
	}
	if err := runs.Remove(folder); err != nil {
		return err
	}
	for end := time.Now().Add(5 * time.Second); process.Alive(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			return errors.New("the daemon outlives the run")
		}
	}
	return nil
}

// What a cell starts in a session of its own ends with the run of a user who may make
// no control groups.
func TestDaemonOfACell(t *testing.T) {
	_, victim := Accounts(t)
	if out, err := victim.Act("daemon").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A process of another user that only names the folder of root's run is not ended.
func TestProcessOfAnotherThatNamesTheFolder(t *testing.T) {
	attacker, _ := Accounts(t)
	folder := t.TempDir()
	cmd := attacker.Command(nil, "/bin/sh", "-c", "echo begun; sleep 100; : "+folder+"/file")
	begun(t, cmd)
	process.EndStrays(folder)
	time.Sleep(50 * time.Millisecond)
	if !process.Alive(cmd.Process.Pid) {
		t.Error("it was ended")
	}
}

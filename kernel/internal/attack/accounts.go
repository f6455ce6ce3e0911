// Package attack lets tests try what one user of a machine can do to another: it gives
// them an attacker and a victim, accounts that are nobody else's, where the tests run
// as root.
package attack

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// Account is a user of the machine.
type Account struct {
	UID  int
	Home string // which others can look into
	Temp string // the folder for temporary files, which all share
	self string // a copy of the test's own program that all can run
}

// Accounts returns two accounts. The test is skipped where it does not run as root.
func Accounts(t *testing.T) (attacker, victim *Account) {
	t.Helper()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("skipped: only root, on Linux, can be two other users")
	}
	base := open(t)
	temp := filepath.Join(base, "tmp")
	must(t, os.Mkdir(temp, 0o700))
	must(t, os.Chmod(temp, 0o777|os.ModeSticky))
	self := filepath.Join(base, "self")
	program, err := os.Executable()
	must(t, err)
	copyFile(t, program, self)
	uids := unused(t, 2)
	var accounts []*Account
	for i, name := range []string{"attacker", "victim"} {
		home := filepath.Join(base, name)
		must(t, os.Mkdir(home, 0o755))
		must(t, os.Chown(home, uids[i], uids[i]))
		accounts = append(accounts, &Account{UID: uids[i], Home: home, Temp: temp, self: self})
	}
	return accounts[0], accounts[1]
}

// open makes a folder that every user can enter.
func open(t *testing.T) string {
	t.Helper()
	for _, parent := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		base, err := os.MkdirTemp(parent, "attack")
		if err != nil {
			continue
		}
		t.Cleanup(func() { os.RemoveAll(base) })
		must(t, os.Chmod(base, 0o755))
		if entered(base) {
			return base
		}
	}
	t.Skip("skipped: there is no folder that all users can enter")
	return ""
}

// entered says whether all users can enter a folder and those above it.
func entered(dir string) bool {
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

// unused returns numbers of users that no account has.
func unused(t *testing.T, n int) (uids []int) {
	t.Helper()
	for uid := 47_111; len(uids) < n && uid < 60_000; uid++ {
		if _, err := user.LookupId(strconv.Itoa(uid)); err != nil {
			uids = append(uids, uid)
		}
	}
	if len(uids) < n {
		t.Skip("skipped: all numbers of users are taken")
	}
	return uids
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	must(t, err)
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	must(t, err)
	_, err = io.Copy(out, in)
	must(t, err)
	must(t, out.Close())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// environ is what a login would set.
func (a *Account) environ() []string {
	return []string{"HOME=" + a.Home, "TMPDIR=" + a.Temp, "PATH=" + os.Getenv("PATH"), "USER=" + strconv.Itoa(a.UID)}
}

// Command returns a command that runs as the account, in its home. Settings are
// added to its environment.
func (a *Account) Command(settings []string, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = a.Home
	cmd.Env = append(a.environ(), settings...)
	a.become(cmd)
	return cmd
}

// Shell runs a shell script as the account and returns what it prints.
func (a *Account) Shell(t *testing.T, script string) string {
	t.Helper()
	out, err := a.Command(nil, "/bin/sh", "-ec", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return string(out)
}

// roleVariable says which role the test's own program plays.
const roleVariable = "CONVBOOK_TEST_ROLE"

// Act returns a command that plays a role, one of those that Play knows, as the
// account.
func (a *Account) Act(role string, settings ...string) *exec.Cmd {
	return a.Command(append(settings, roleVariable+"="+role), a.self)
}

// Play runs the role that this process has been given, and ends it then. A TestMain
// calls it first.
func Play(roles map[string]func() error) {
	role := os.Getenv(roleVariable)
	if role == "" {
		return
	}
	play, ok := roles[role]
	err := fmt.Errorf("there is no role %q", role)
	if ok {
		err = play()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

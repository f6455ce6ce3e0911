package attack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"convbook/kernel/internal/runs"
	"convbook/kernel/internal/setup"
	"convbook/pkg/system/private"
	"convbook/pkg/system/venv"
)

func init() {
	roles["folders"] = folders
	roles["swap"] = swap
	roles["remove by name"] = func() error { return rounds(removeByName) }
	roles["remove leftovers"] = func() error { return rounds(removeLeftovers) }
}

// folders prints the folders that convbook uses.
func folders() error {
	defer private.Close()
	for _, name := range []string{"kernel", "python", "home", "trained"} {
		dir, err := private.Folder(name)
		if err != nil {
			return err
		}
		fmt.Println(dir)
	}
	run, err := runs.Folder()
	if err != nil {
		return err
	}
	fmt.Println(run)
	if root := os.Getenv("CONVBOOK_TEST_ROOT"); root != "" {
		bin, built, err := setup.Built(root)
		if err != nil || built {
			return fmt.Errorf("a planted program is taken for built: %s, %v", bin, err)
		}
		fmt.Println(bin)
	}
	return runs.Remove(run)
}

// The names that were used once, and those that are used now, are taken by the
// attacker. The victim uses folders that are really the victim's, wherever the user's
// cache cannot be used, and nothing is stopped.
func TestFoldersOfAnother(t *testing.T) {
	attacker, victim := Accounts(t)
	root, err := setup.Root(".")
	must(t, err)
	must(t, os.Chmod(attacker.Temp, 0o777|os.ModeSticky))
	old := filepath.Join(attacker.Temp, fmt.Sprintf("convbook-%d", victim.UID))
	attacker.Shell(t, "mkdir -m 700 "+old+" "+attacker.Temp+"/convbook-1 "+attacker.Temp+"/convbook; mkdir -m 777 "+attacker.Temp+"/open; touch "+attacker.Temp+"/convbook-1/lock")
	for name, settings := range map[string][]string{
		"a home":                       nil,
		"no home":                      {"HOME="},
		"a cache of another's":         {"XDG_CACHE_HOME=" + old},
		"a cache that all can write":   {"XDG_CACHE_HOME=" + filepath.Join(attacker.Temp, "open")},
		"a session of another's":       {"HOME=", "XDG_RUNTIME_DIR=" + old},
		"a session that all can write": {"HOME=", "XDG_RUNTIME_DIR=" + filepath.Join(attacker.Temp, "open")},
	} {
		t.Run(name, func(t *testing.T) {
			if entered(root) {
				settings = append(settings, "CONVBOOK_TEST_ROOT="+root)
			}
			act := victim.Act("folders", settings...)
			out, err := act.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, dir := range strings.Fields(string(out)) {
				for _, foreign := range []string{old, filepath.Join(attacker.Temp, "convbook-1") + "/", filepath.Join(attacker.Temp, "convbook") + "/"} {
					if strings.HasPrefix(dir, foreign) {
						t.Errorf("%s is used", dir)
					}
				}
			}
		})
	}
	left, err := filepath.Glob(filepath.Join(attacker.Temp, "convbook*"))
	if err != nil || len(left) != 3 {
		t.Errorf("in the shared folder there are %q, %v; want the attacker's three", left, err)
	}
}

// built builds the command where both accounts can run it.
func built(t *testing.T, a *Account) (kernel string) {
	t.Helper()
	kernel = filepath.Join(filepath.Dir(a.Home), "kernel")
	if out, err := exec.Command("go", "build", "-o", kernel, "convbook/kernel").CombinedOutput(); err != nil {
		t.Skipf("skipped: the command cannot be built: %v\n%s", err, out)
	}
	return kernel
}

// Folders of the attacker's do not keep the victim from removing the victim's own.
func TestCleanBesideFoldersOfAnother(t *testing.T) {
	attacker, victim := Accounts(t)
	kernel := built(t, attacker)
	attacker.Shell(t, fmt.Sprintf("mkdir -m 700 %s/convbook-%d %[1]s/convbook-1", attacker.Temp, victim.UID))
	victim.Shell(t, "mkdir -p .cache/convbook/kernel/0123; echo program > .cache/convbook/kernel/0123/gonb")
	for _, want := range []string{filepath.Join(victim.Home, ".cache", "convbook", "kernel"), "Nothing is set up."} {
		out, err := victim.Command(nil, kernel, "clean", "--yes").CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) || strings.Contains(string(out), attacker.Temp) {
			t.Errorf("%v\n%s\nwant %q", err, out, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(attacker.Temp, "convbook-*")); len(left) != 2 {
		t.Errorf("of the attacker's two folders there are %q", left)
	}
}

// The program of the kernel, planted where a user without a cache once looked for it,
// is not run.
func TestPlantedProgram(t *testing.T) {
	attacker, _ := Accounts(t)
	root, err := setup.Root(".")
	must(t, err)
	kernel := built(t, attacker)
	bin, _, err := setup.Built(root)
	must(t, err)
	taken := filepath.Join(attacker.Temp, "taken")
	for _, base := range []string{"convbook-0", "convbook"} {
		planted := filepath.Join(attacker.Temp, base, "kernel", filepath.Base(bin))
		attacker.Shell(t, "mkdir -p "+planted+"; chmod -R 755 "+filepath.Join(attacker.Temp, base))
		for _, program := range []string{"gonb", "goimports"} {
			attacker.Shell(t, "printf '#!/bin/sh\\nid > "+taken+"\\n' > "+planted+"/"+program+"; chmod 755 "+planted+"/"+program)
		}
	}
	run := exec.Command(kernel, "run", "--html=false", "--out", t.TempDir(), filepath.Join(root, "kernel", "testdata", "small.ipynb"))
	run.Dir = root
	run.Env = append(os.Environ(), "XDG_CACHE_HOME=/dev/null/cache", "XDG_RUNTIME_DIR=", "TMPDIR="+attacker.Temp)
	if cache, err := exec.Command("go", "env", "GOCACHE").Output(); err == nil {
		run.Env = append(run.Env, "GOCACHE="+strings.TrimSpace(string(cache)))
	}
	out, err := run.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "twice 21 is 42") {
		t.Errorf("%v\n%s", err, out)
	}
	if text, err := os.ReadFile(taken); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a planted program was run as %s", text)
	}
	if left, _ := filepath.Glob(filepath.Join(attacker.Temp, "convbook-*")); len(left) != 1 {
		t.Errorf("left behind %q", left)
	}
}

// swap exchanges two names, as fast as it can.
func swap() error {
	a, b := os.Getenv("CONVBOOK_TEST_A"), os.Getenv("CONVBOOK_TEST_B")
	fmt.Println("begun")
	for {
		if err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE); err != nil && !errors.Is(err, unix.ENOENT) {
			return err
		}
	}
}

// rounds lets something be removed again and again while it is swapped, and counts how
// often the thesis was lost.
func rounds(remove func() error) error {
	n, err := strconv.Atoi(os.Getenv("CONVBOOK_TEST_ROUNDS"))
	if err != nil {
		return err
	}
	home := os.Getenv("HOME")
	lost := 0
	for range n {
		for _, dir := range []string{"thesis", "making-thesis", "convbook/python/making-thesis", "convbook/python/thesis"} {
			os.MkdirAll(filepath.Join(home, "work", dir), 0o700)
		}
		for _, dir := range []string{"making-thesis", "thesis", "building-thesis"} {
			for _, below := range []string{"python", "kernel"} {
				os.MkdirAll(filepath.Join(os.Getenv("XDG_CACHE_HOME"), "convbook", below, dir), 0o700)
			}
		}
		if err := remove(); err != nil {
			return err
		}
		for _, dir := range []string{"thesis", "convbook/python/thesis"} {
			if _, err := os.Lstat(filepath.Join(home, "work", dir)); err != nil {
				lost++
				break
			}
		}
		if lost > 0 && os.Getenv("CONVBOOK_TEST_UNTIL_LOST") != "" {
			break
		}
	}
	fmt.Println("lost", lost)
	return nil
}

// removeByName is how it was done once: what lies in a folder of a fixed name in the
// shared one is removed by its path.
func removeByName() error {
	cache := filepath.Join(os.TempDir(), fmt.Sprintf("convbook-%d", os.Getuid()), "python")
	left, _ := filepath.Glob(filepath.Join(cache, "making-*"))
	for _, temp := range left {
		os.RemoveAll(filepath.Join(cache, strings.TrimPrefix(filepath.Base(temp), "making-")))
		os.RemoveAll(temp)
	}
	return nil
}

// removeLeftovers is what every command does at its start, and clean.
func removeLeftovers() error {
	_, first := runs.RemoveLeftovers()
	_, second := setup.RemoveLeftovers()
	venv.RemoveLeftovers()
	private.RemoveLeftovers()
	for _, dir := range private.Existing("python") {
		private.Remove(dir) // may say that it was exchanged
	}
	return errors.Join(first, second)
}

// A thousand times the victim removes leftovers while the attacker swaps a folder for a
// link to the victim's own: in a folder of the attacker's that has the name which once
// was looked for, and in a cache that the attacker can write to.
func TestRace(t *testing.T) {
	const times = 1000 // as often as need be where it loses
	for _, c := range []struct {
		name, role string
		cache      bool
		loses      bool
	}{
		{"by name, which shows that the attack works", "remove by name", false, true},
		{"in the shared folder", "remove leftovers", false, false},
		{"in a cache that all can write", "remove leftovers", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			attacker, victim := Accounts(t)
			work := filepath.Join(victim.Home, "work")
			victim.Shell(t, "mkdir -p "+work)
			own := filepath.Join(attacker.Temp, fmt.Sprintf("convbook-%d", victim.UID))
			attacker.Shell(t, "mkdir -p "+own+"/python/making-thesis; chmod -R 755 "+own+"; ln -s "+work+" "+own+"/link")
			a, b := filepath.Join(own, "python"), filepath.Join(own, "link")
			settings := []string{"CONVBOOK_TEST_ROUNDS=" + strconv.Itoa(times)}
			if c.loses {
				settings = []string{"CONVBOOK_TEST_ROUNDS=" + strconv.Itoa(50*times), "CONVBOOK_TEST_UNTIL_LOST=1"}
			}
			if c.cache {
				shared := filepath.Join(attacker.Temp, "shared")
				attacker.Shell(t, "mkdir "+shared+"; chmod 777 "+shared)
				victim.Shell(t, "mkdir -p "+shared+"/convbook")
				attacker.Shell(t, "ln -s "+work+"/convbook "+shared+"/link")
				a, b = filepath.Join(shared, "convbook"), filepath.Join(shared, "link")
				settings = append(settings, "XDG_CACHE_HOME="+shared)
			} else {
				settings = append(settings, "XDG_CACHE_HOME="+filepath.Join(victim.Home, ".cache"))
			}
			swapping := attacker.Act("swap", "CONVBOOK_TEST_A="+a, "CONVBOOK_TEST_B="+b)
			must(t, swapping.Start())
			defer func() {
				swapping.Process.Kill()
				swapping.Wait()
			}()
			time.Sleep(20 * time.Millisecond)
			out, err := victim.Act(c.role, settings...).CombinedOutput()
			var lost int
			if _, scan := fmt.Sscanf(string(out), "lost %d", &lost); err != nil || scan != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if lost > 0 != c.loses {
				t.Errorf("the victim lost something in %d rounds", lost)
			}
		})
	}
}

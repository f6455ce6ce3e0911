package lab

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"convbook/pkg/system/lock"
	"convbook/pkg/system/process"
)

// folder gives the test a cache folder and a PATH of its own, and returns the
// folder that is on PATH.
func folder(t *testing.T) (bin string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("programs are shell scripts and the cache folder is chosen as on Linux")
	}
	bin = t.TempDir()
	t.Setenv("PATH", bin)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	return bin
}

// program puts a shell script on PATH.
func program(t *testing.T, path, script string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ name, script, version string }{
		{"new enough", "echo 4.2.1", "4.2.1"},
		{"later", "echo 12.0.0rc1", "12.0.0rc1"},
		{"too old", "echo 3.6.8", ""},
		{"broken", "exit 1", ""},
		{"something else", "echo hello", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(folder(t), "jupyter-lab")
			program(t, path, c.script)
			got, version, err := Find(t.Context())
			if err != nil || version != c.version || (got == path) != (c.version != "") {
				t.Errorf("found %q, version %q, %v", got, version, err)
			}
		})
	}
}

// fakeUV puts a uv on PATH that makes an environment as uv does it: "venv" makes the
// folder, "pip install" the programs in it. What it is called with is in the file
// calls beside it.
func fakeUV(t *testing.T, bin, dir, whileInstalling string) {
	t.Helper()
	program(t, filepath.Join(bin, "uv"), `echo "$@" >> `+bin+`/calls
[ "$1" = pip ] || exit 0
`+whileInstalling+`
/bin/mkdir -p `+dir+`/bin
printf '#!/bin/sh\necho 4.9.9\n' > `+dir+`/bin/jupyter-lab
/bin/chmod +x `+dir+`/bin/jupyter-lab`)
}

func calls(t *testing.T, bin string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(bin, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// names lists what is in the folder of the environments.
func names(t *testing.T) (found []string) {
	t.Helper()
	dir, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		found = append(found, e.Name())
	}
	return found
}

func TestMake(t *testing.T) {
	bin := folder(t)
	dir, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	fakeUV(t, bin, dir, "")
	var log bytes.Buffer
	made, err := Make(t.Context(), &log)
	if err != nil {
		t.Fatal(err)
	}
	if found, version, err := Find(t.Context()); found != made || version != "4.9.9" || err != nil {
		t.Errorf("made %q, found %q, version %q, %v", made, found, version, err)
	}
	if called := calls(t, bin); len(called) != 2 || !strings.Contains(called[1], "--require-hashes") {
		t.Errorf("uv was called with %q", called)
	}
	if !strings.HasPrefix(log.String(), "JupyterLab     ready") {
		t.Errorf("told %q", log.String())
	}
	// What is there is not made again, unless it does not run any more.
	for _, want := range []int{2, 4} {
		if _, err := Make(t.Context(), &log); err != nil || len(calls(t, bin)) != want {
			t.Errorf("%v; uv was called with %q", err, calls(t, bin))
		}
		program(t, made, "exit 1")
	}
	program(t, filepath.Join(bin, "uv"), `[ "$1" = pip ] || exit 0; /bin/mkdir -p `+dir+`; echo 'no such host' >&2; exit 7`)
	if _, err := Make(t.Context(), &log); err == nil || err.Error() != "JupyterLab could not be installed: no such host; connect to the network and run again" {
		t.Errorf("error %v", err)
	}
	if left := names(t); len(left) != 1 || left[0] != filepath.Base(dir)+".lock" {
		t.Errorf("left behind %v", left)
	}
}

func TestFindIsStopped(t *testing.T) {
	program(t, filepath.Join(folder(t), "jupyter-lab"), "exec /bin/sleep 100")
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	time.AfterFunc(100*time.Millisecond, func() { cancel(stopped) })
	if found, _, err := Find(ctx); found != "" || err != stopped {
		t.Errorf("found %q, %v", found, err)
	}
}

func TestMakeIsStopped(t *testing.T) {
	bin := folder(t)
	dir, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	fakeUV(t, bin, dir, "/bin/mkdir -p "+dir+"; /bin/sleep 100")
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	time.AfterFunc(200*time.Millisecond, func() { cancel(stopped) })
	if _, err := Make(ctx, new(bytes.Buffer)); !errors.Is(err, stopped) {
		t.Errorf("error %v", err)
	}
	if left := names(t); len(left) != 1 || left[0] != filepath.Base(dir)+".lock" {
		t.Errorf("left behind %v", left)
	}
}

// The second of two commands waits for the first, and uses what that has made.
func TestMakeTwiceAtOnce(t *testing.T) {
	bin := folder(t)
	dir, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	fakeUV(t, bin, dir, "/bin/sleep 1.5")
	var made sync.WaitGroup
	var logs [2]bytes.Buffer
	for i := range logs {
		made.Go(func() {
			if program, err := Make(t.Context(), &logs[i]); err != nil || program != filepath.Join(dir, "bin", "jupyter-lab") {
				t.Errorf("%q, %v", program, err)
			}
		})
	}
	made.Wait()
	if called := calls(t, bin); len(called) != 2 {
		t.Errorf("uv was called with %q", called)
	}
	if text := logs[0].String() + logs[1].String(); strings.Count(text, "waits for another command") != 1 || strings.Count(text, "ready") != 2 {
		t.Errorf("told %q", text)
	}
}

// What a command leaves behind that is killed while it installs is ended and removed,
// unless another has begun anew.
func TestRemoveLeftovers(t *testing.T) {
	folder(t)
	dir, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	temp := filepath.Join(filepath.Dir(dir), making+filepath.Base(dir))
	peers := filepath.Join(filepath.Dir(dir), "peers-0123")
	for _, path := range []string{dir, temp, peers} {
		if err := os.MkdirAll(filepath.Join(path, "lib"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	orphan := exec.Command("/bin/sleep", "100")
	orphan.Env = []string{"TMPDIR=" + temp + "/"}
	if err := orphan.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { orphan.Process.Kill() })
	held, err := lock.Take(dir + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	if removed, err := RemoveLeftovers(); removed != 0 || err != nil || !process.Alive(orphan.Process.Pid) {
		t.Errorf("while it is made, %d were removed, %v", removed, err)
	}
	held.Close()
	if removed, err := RemoveLeftovers(); removed != 1 || err != nil {
		t.Errorf("removed %d, %v", removed, err)
	}
	if err := orphan.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("the process that was left: %v", err)
	}
	if left := names(t); !slices.Equal(left, []string{filepath.Base(dir) + ".lock", "peers-0123"}) {
		t.Errorf("there are %q", left)
	}
}

// TestInstallation follows pip, whose lines these are.
func TestInstallation(t *testing.T) {
	inside := &installation{dir: t.TempDir()}
	inside.all.Store(5)
	install := func(name string) {
		if err := os.MkdirAll(filepath.Join(inside.dir, "lib", "python3.11", "site-packages", name+".dist-info"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	install("pip-24.0")
	install("setuptools-65.5.0")
	for _, c := range []struct{ line, want string }{
		{"Looking in links: wheels", "a private Python environment"},
		{`Ignoring appnope: markers 'sys_platform == "darwin"' don't match your environment`, "a private Python environment"},
		{"Collecting anyio==4.16.0 (from -r requirements.txt (line 1))", "1 of 4 packages fetched"},
		{"  Downloading anyio-4.16.0-py3-none-any.whl (114 kB)", "1 of 4 packages fetched"},
		{"Collecting arrow==1.4.0 (from -r requirements.txt (line 5))", "2 of 4 packages fetched"},
	} {
		inside.seen(c.line)
		if got := inside.state(); got != c.want {
			t.Errorf("after %q: %q, want %q", c.line, got, c.want)
		}
	}
	install("anyio-4.16.0")
	if got := inside.state(); got != "3 of 4 packages installed" {
		t.Errorf("%q", got)
	}
	if inside.seen("Resolved 3 packages in 12ms"); inside.state() != "3 of 3 packages installed" {
		t.Errorf("%q", inside.state())
	}
}

func TestMakeWithoutPython(t *testing.T) {
	bin := folder(t)
	if _, err := Make(t.Context(), new(bytes.Buffer)); err != errNoPython {
		t.Errorf("without Python: %v", err)
	}
	program(t, filepath.Join(bin, "python3"), "exit 1") // too old
	if _, err := Make(t.Context(), new(bytes.Buffer)); err != errNoPython || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("with an old Python: %v", err)
	}
}

var pinned = regexp.MustCompile(`^[a-z0-9._-]+==[0-9][^ ]*( ; [^\\]+)? \\$`)

// TestEverythingIsPinned holds the list to one version and at least one hash
// for each package.
func TestEverythingIsPinned(t *testing.T) {
	packages, hashes := 0, 1
	for line := range strings.Lines(string(requirements)) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "    --hash=sha256:"):
			hashes++
		case strings.HasPrefix(strings.TrimSpace(line), "#"):
		case pinned.MatchString(line):
			if hashes == 0 {
				t.Errorf("no hash before %q", line)
			}
			packages, hashes = packages+1, 0
		default:
			t.Errorf("line %q", line)
		}
	}
	if listed := len(pins.FindAll(requirements, -1)); listed != packages {
		t.Errorf("%d packages are counted of %d", listed, packages)
	}
	if packages < 50 || hashes == 0 || !bytes.Contains(requirements, []byte("\njupyterlab==4.")) {
		t.Errorf("%d packages", packages)
	}
}

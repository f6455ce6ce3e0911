package venv

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"convbook/pkg/system/lock"
	"convbook/pkg/system/process"
)

var lab = Environment{Packages: []byte("jupyterlab==4.9.9\n"), Oldest: 10}

// folder gives the test a cache folder and a PATH of its own, and returns the
// folder that is on PATH and that of the environment.
func folder(t *testing.T) (bin, dir string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("programs are shell scripts and the cache folder is chosen as on Linux")
	}
	bin = t.TempDir()
	t.Setenv("PATH", bin)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir, err := lab.Folder()
	if err != nil {
		t.Fatal(err)
	}
	return bin, dir
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
func names(t *testing.T, dir string) (found []string) {
	t.Helper()
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
	bin, dir := folder(t)
	fakeUV(t, bin, dir, "")
	if found, err := lab.Find("jupyter-lab"); found != "" || err != nil {
		t.Errorf("found %q before it was made, %v", found, err)
	}
	begun := ""
	made, err := lab.Make(t.Context(), "jupyter-lab", Told{Begins: func(dir string) { begun = dir }})
	if err != nil || begun != dir {
		t.Fatalf("%v, told %q", err, begun)
	}
	if found, err := lab.Find("jupyter-lab"); found != made || err != nil {
		t.Errorf("made %q, found %q, %v", made, found, err)
	}
	if called := calls(t, bin); len(called) != 2 || !strings.Contains(called[1], "--require-hashes") {
		t.Errorf("uv was called with %q", called)
	}
	// What is there is not made again, unless it does not run any more.
	for _, want := range []int{2, 4} {
		if _, err := lab.Make(t.Context(), "jupyter-lab", Told{}); err != nil || len(calls(t, bin)) != want {
			t.Errorf("%v; uv was called with %q", err, calls(t, bin))
		}
		program(t, made, "exit 1")
	}
	program(t, filepath.Join(bin, "uv"), `[ "$1" = pip ] || exit 0; /bin/mkdir -p `+dir+`; echo 'no such host' >&2; exit 7`)
	if _, err := lab.Make(t.Context(), "jupyter-lab", Told{}); err == nil || err.Error() != "no such host" {
		t.Errorf("error %v", err)
	}
	if left := names(t, dir); !slices.Equal(left, []string{filepath.Base(dir) + ".lock"}) {
		t.Errorf("left behind %v", left)
	}
}

func TestMakeIsStopped(t *testing.T) {
	bin, dir := folder(t)
	fakeUV(t, bin, dir, "/bin/mkdir -p "+dir+"; /bin/sleep 100")
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	time.AfterFunc(200*time.Millisecond, func() { cancel(stopped) })
	if _, err := lab.Make(ctx, "jupyter-lab", Told{}); !errors.Is(err, stopped) {
		t.Errorf("error %v", err)
	}
	if left := names(t, dir); !slices.Equal(left, []string{filepath.Base(dir) + ".lock"}) {
		t.Errorf("left behind %v", left)
	}
}

// The second of two commands waits for the first, and uses what that has made.
func TestMakeTwiceAtOnce(t *testing.T) {
	bin, dir := folder(t)
	fakeUV(t, bin, dir, "/bin/sleep 0.5")
	var made sync.WaitGroup
	var waited atomic.Int32
	for range 2 {
		made.Go(func() {
			program, err := lab.Make(t.Context(), "jupyter-lab", Told{Waits: func() { waited.Add(1) }})
			if err != nil || program != filepath.Join(dir, "bin", "jupyter-lab") {
				t.Errorf("%q, %v", program, err)
			}
		})
	}
	made.Wait()
	if called := calls(t, bin); len(called) != 2 || waited.Load() != 1 {
		t.Errorf("uv was called with %q, %d waited", called, waited.Load())
	}
}

// What a command leaves behind that is killed while it installs is ended and removed,
// unless another has begun anew.
func TestRemoveLeftovers(t *testing.T) {
	_, dir := folder(t)
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
	if removed := RemoveLeftovers(); removed != 0 || !process.Alive(orphan.Process.Pid) {
		t.Errorf("while it is made, %d were removed", removed)
	}
	held.Close()
	if removed := RemoveLeftovers(); removed != 1 {
		t.Errorf("removed %d", removed)
	}
	if err := orphan.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("the process that was left: %v", err)
	}
	if left := names(t, dir); !slices.Equal(left, []string{filepath.Base(dir) + ".lock", "peers-0123"}) {
		t.Errorf("there are %q", left)
	}
}

// TestPythons has Pythons that say of themselves whether they are new enough.
func TestPythons(t *testing.T) {
	bin, dir := folder(t)
	if _, err := lab.Make(t.Context(), "jupyter-lab", Told{}); err != ErrNoPython {
		t.Errorf("without Python: %v", err)
	}
	program(t, filepath.Join(bin, "python3"), `echo "$2" > `+bin+`/asked; exit 1`)
	if _, err := lab.Make(t.Context(), "jupyter-lab", Told{}); err != ErrNoPython {
		t.Errorf("with an old Python: %v", err)
	}
	if asked, _ := os.ReadFile(filepath.Join(bin, "asked")); !strings.HasSuffix(string(asked), "sys.exit(not (3, 10) <= sys.version_info)\n") {
		t.Errorf("it was asked %q", asked)
	}
	peers := Environment{Prefix: "peers-", Packages: lab.Packages, Oldest: 11, Newest: 13}
	program(t, filepath.Join(bin, "python3.12"), "exit 0")
	commands, err := peers.commands(t.Context(), dir, "list")
	if err != nil || commands[0][0] != filepath.Join(bin, "python3.12") {
		t.Errorf("%q, %v", commands, err)
	}
	program(t, filepath.Join(bin, "uv"), "exit 0")
	if commands, err = peers.commands(t.Context(), dir, "list"); err != nil || !slices.Contains(commands[0], ">=3.11,<3.14") {
		t.Errorf("%q, %v", commands, err)
	}
}

// TestInstallation follows pip, whose lines these are.
func TestInstallation(t *testing.T) {
	inside := newInstallation(t.TempDir(), []byte("a==1 \\\n    --hash=sha256:1\nb==2\nc==3\nd==4\ne==5\n"))
	install := func(name string) {
		if err := os.MkdirAll(filepath.Join(inside.dir, "lib", "python3.11", "site-packages", name+".dist-info"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	install("pip-24.0")
	install("setuptools-65.5.0")
	for _, c := range []struct {
		line string
		want State
	}{
		{"Looking in links: wheels", State{All: 5}},
		{`Ignoring appnope: markers 'sys_platform == "darwin"' don't match your environment`, State{All: 4}},
		{"Collecting anyio==4.16.0 (from -r requirements.txt (line 1))", State{All: 4, Fetched: 1}},
		{"  Downloading anyio-4.16.0-py3-none-any.whl (114 kB)", State{All: 4, Fetched: 1}},
		{"Collecting arrow==1.4.0 (from -r requirements.txt (line 5))", State{All: 4, Fetched: 2}},
	} {
		inside.seen(c.line)
		if got := inside.state(); got != c.want {
			t.Errorf("after %q: %+v, want %+v", c.line, got, c.want)
		}
	}
	install("anyio-4.16.0")
	if got := inside.state(); got.Installed != 3 {
		t.Errorf("%+v", got)
	}
	if inside.seen("Resolved 3 packages in 12ms"); inside.state().All != 3 {
		t.Errorf("%+v", inside.state())
	}
}

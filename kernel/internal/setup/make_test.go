package setup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"convbook/kernel/internal/progress"
	"convbook/pkg/system/lock"
	"convbook/pkg/system/private"
	"convbook/pkg/system/process"
)

// program writes what is built into a folder.
func program(at stage) error {
	if err := os.Mkdir(at.bin, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(at.bin, "program"+executable), nil, 0o700)
}

// cache gives the test a folder of convbook's own to build in.
func cache(t *testing.T) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("XDG_CACHE_HOME is looked at on Linux only")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir, err := private.Folder("kernel")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var programs = []string{"program"}

// The second of two commands waits for the first, and uses what that has built.
func TestMakeTwiceAtOnce(t *testing.T) {
	bin := filepath.Join(cache(t), "0123")
	if err := os.Mkdir(bin, 0o700); err != nil { // half of something, from another time
		t.Fatal(err)
	}
	builds := 0
	var made sync.WaitGroup
	var logs [2]bytes.Buffer
	for i := range logs {
		made.Go(func() {
			if err := new(Tools).make(t.Context(), &logs[i], "GoNB kernel", bin, programs, func(_ *progress.Step, at stage) error {
				builds++
				time.Sleep(1200 * time.Millisecond)
				return program(at)
			}); err != nil {
				t.Error(err)
			}
		})
	}
	made.Wait()
	if builds != 1 || !holds(bin, programs) {
		t.Errorf("%d builds", builds)
	}
	if text := logs[0].String() + logs[1].String(); strings.Count(text, "waits for another command that builds") != 1 || strings.Count(text, "ready") != 2 {
		t.Errorf("told %q", text)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(bin), building+"*")); left != nil {
		t.Errorf("left behind %v", left)
	}
}

func TestMakeFails(t *testing.T) {
	bin := filepath.Join(cache(t), "0123")
	failed := errors.New("failed")
	err := new(Tools).make(t.Context(), new(bytes.Buffer), "GoNB kernel", bin, programs, func(_ *progress.Step, at stage) error {
		program(at)
		return failed
	})
	entries, _ := os.ReadDir(filepath.Dir(bin))
	if err != failed || len(entries) != 1 || entries[0].Name() != lockFile {
		t.Errorf("%v, left behind %v", err, entries)
	}
}

// What a command leaves behind that is killed while it builds is ended and removed,
// unless another has begun to build.
func TestRemoveLeftovers(t *testing.T) {
	cache := cache(t)
	left := filepath.Join(cache, building+"123")
	for _, dir := range []string{filepath.Join(left, "tmp"), filepath.Join(cache, "0123")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	orphan := exec.Command("/bin/sleep", "100")
	orphan.Env = []string{"GOTMPDIR=" + filepath.Join(left, "tmp")}
	if err := orphan.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { orphan.Process.Kill() })
	held, err := lock.Take(filepath.Join(cache, lockFile))
	if err != nil {
		t.Fatal(err)
	}
	if removed, err := RemoveLeftovers(); removed != 0 || err != nil || !process.Alive(orphan.Process.Pid) {
		t.Errorf("while another command builds, %d were removed, %v", removed, err)
	}
	held.Close()
	if removed, err := RemoveLeftovers(); removed != 1 || err != nil {
		t.Errorf("removed %d, %v", removed, err)
	}
	if err := orphan.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("the process that was left: %v", err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(cache, "0123")); err != nil {
		t.Errorf("what was built is gone: %v", err)
	}
}

// TestCompile builds two packages that were never built before.
func TestCompile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":      "module example.com/two\n\ngo 1.26.0\n",
		"main.go":     "package main\n\nimport \"example.com/two/word\"\n\nfunc main() { println(word.Word) }\n",
		"word/two.go": fmt.Sprintf("package word\n\nconst Word = \"%s %d\"\n", dir, time.Now().UnixNano()),
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := goCommand(t)
	env, _, err := goEnvironment(command, dir)
	if err != nil {
		t.Fatal(err)
	}
	tools := &Tools{goCommand: command, goEnv: env}
	var c compilation
	for _, pass := range []struct {
		seen func(string) bool
		args []string
		want string
	}{
		{c.planned, []string{"build", "-n", "-v", "-o", filepath.Join(dir, "program"), "."}, "0 of 2 packages built"},
		{c.done, []string{"build", "-v", "-o", filepath.Join(dir, "program"), "."}, "2 of 2 packages built"},
	} {
		if err := tools.run(t.Context(), dir, nil, pass.seen, pass.args...); err != nil || c.state() != pass.want {
			t.Errorf("go %v: %v, %q, want %q", pass.args, err, c.state(), pass.want)
		}
	}
	if c.planned("go: downloading golang.org/x/tools v0.38.0"); c.fetched.Load() != 1 {
		t.Error("a download is not seen")
	}
	tmp := t.TempDir()
	if err := tools.compile(t.Context(), new(progress.Step), dir, tmp, tmp+string(filepath.Separator), "."); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(tmp, "two"+executable)); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main\n\nfunc main() { x := 1 }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tools.compile(t.Context(), new(progress.Step), dir, tmp, tmp, "."); err == nil || !strings.Contains(err.Error(), "declared and not used: x") {
		t.Errorf("error %v", err)
	}
}

// TestDownloaded has one module of two in the cache.
func TestDownloaded(t *testing.T) {
	root, cache := t.TempDir(), t.TempDir()
	module := "module convbook\n\ngo 1.26.0\n\nrequire (\n\tgithub.com/BurntSushi/toml v1.6.0\n\texample.com/missing v1.0.0-RC1\n)\n"
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte(module), 0o600); err != nil {
		t.Fatal(err)
	}
	there := filepath.Join(cache, "cache", "download", "github.com", "!burnt!sushi", "toml", "@v")
	if err := os.MkdirAll(there, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(there, "v1.6.0.ziphash"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tools := &Tools{Root: root, goCommand: goCommand(t), goEnv: append(os.Environ(), "GOMODCACHE="+cache, "GOFLAGS=")}
	if got := tools.downloaded()(); got != "1 of 2 modules fetched" {
		t.Errorf("%q", got)
	}
	if got := escaped("v1.0.0-RC1"); got != "v1.0.0-!r!c1" {
		t.Errorf("%q", got)
	}
}

func TestPrepareIsStoppedWhileItWaits(t *testing.T) {
	bin := filepath.Join(cache(t), "0123")
	held, err := lock.Take(filepath.Join(filepath.Dir(bin), lockFile))
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if err := new(Tools).make(ctx, new(bytes.Buffer), "GoNB kernel", bin, programs, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

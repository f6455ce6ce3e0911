package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"convbook/kernel/internal/setup"
	"convbook/pkg/system/private"
)

// asCommand makes the program of the tests be the command itself: the tests
// start it as a user would.
const asCommand = "CONVBOOK_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// ready sets up the kernel once for all tests, and what completes names: on a new
// machine that takes longer than a test waits.
var ready = sync.OnceValue(func() error {
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	tools, err := setup.Prepare(context.Background(), root, os.Stderr)
	if err != nil {
		return err
	}
	if err := tools.AddCompletion(context.Background(), os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "no completion:", err)
	}
	return nil
})

// command is a started command and what it has printed so far.
type command struct {
	*exec.Cmd
	t              *testing.T
	stdout, stderr *output
}

// output is written by a process while a test reads it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// begin starts the command with the given arguments. Entries of env are added
// to the environment; one without a value is taken out.
func begin(t *testing.T, env []string, args ...string) *command {
	t.Helper()
	if testing.Short() {
		t.Skip("runs notebooks: not with -short")
	}
	if err := ready(); err != nil {
		t.Skipf("no kernel can be set up on this machine: %v", err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &command{Cmd: exec.Command(self, args...), t: t, stdout: new(output), stderr: new(output)}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !slices.Contains(env, name) {
			c.Env = append(c.Env, entry)
		}
	}
	c.Env = append(c.Env, asCommand+"=1")
	for _, entry := range env {
		if strings.Contains(entry, "=") {
			c.Env = append(c.Env, entry)
		}
	}
	c.Stdout, c.Stderr = c.stdout, c.stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill() })
	return c
}

// ends waits for the command and returns its exit status.
func (c *command) ends() int {
	c.t.Helper()
	return c.endsWithin(3 * time.Minute)
}

// endsWithin is ends for a command that may take longer.
func (c *command) endsWithin(limit time.Duration) int {
	c.t.Helper()
	done := make(chan struct{})
	go func() {
		c.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(limit):
		c.Process.Kill()
		c.t.Fatalf("the command does not end; it printed\n%s%s", c.stdout, c.stderr)
	}
	return c.ProcessState.ExitCode()
}

// prints waits until the command has printed a text.
func (c *command) prints(text string) {
	c.t.Helper()
	eventually(c.t, fmt.Sprintf("the command prints %q", text), func() bool { return strings.Contains(c.stdout.String(), text) })
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("a minute later it still does not hold that %s", what)
		}
	}
}

// left returns the folders and the processes that the command's runs have left.
func (c *command) left() (folders []string, processes []int) {
	c.t.Helper()
	runs, err := private.Folder("runs")
	if err != nil {
		c.t.Fatal(err)
	}
	prefix := filepath.Join(runs, strconv.Itoa(c.Process.Pid)+"-")
	folders, err = filepath.Glob(prefix + "*")
	if err != nil {
		c.t.Fatal(err)
	}
	return folders, mentioning(prefix)
}

// mentioning returns the processes with a text in their command line or
// environment.
func mentioning(text string) (processes []int) {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		line, _ := os.ReadFile(file)
		environment, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "environ"))
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil && strings.Contains(string(line)+string(environment), text) {
			processes = append(processes, pid)
		}
	}
	return processes
}

// cleanedUp checks that nothing of the command's runs is left.
func (c *command) cleanedUp() {
	c.t.Helper()
	folders, processes := c.left()
	if len(folders)+len(processes) > 0 {
		c.t.Errorf("left behind: folders %v, processes %v", folders, processes)
	}
}

func onlyOnLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("processes are looked up in /proc, which only Linux has")
	}
}

func TestInterruptedRunLeavesNothing(t *testing.T) {
	onlyOnLinux(t)
	t.Parallel()
	for _, c := range []struct {
		name   string
		signal os.Signal
	}{{"Ctrl-C", os.Interrupt}, {"the terminal is closed", syscall.SIGHUP}, {"nobody reads", syscall.SIGPIPE}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run := begin(t, nil, "run", "--out", t.TempDir(), "testdata/endless.ipynb")
			run.prints("  begun")
			if _, processes := run.left(); len(processes) < 2 {
				t.Fatalf("kernel and cell are the processes %v", processes)
			}
			run.Process.Signal(c.signal)
			if code := run.ends(); code != 130 || !strings.Contains(run.stderr.String(), "stopped") {
				t.Errorf("exit status %d, said %q", code, run.stderr)
			}
			if text := run.stdout.String(); strings.Contains(text, "FAILED") || !strings.Contains(text, " s  stopped") {
				t.Errorf("a run that was stopped says\n%s", text)
			}
			run.cleanedUp()
		})
	}
}

func TestKilledRunnerIsCleanedUpByTheNext(t *testing.T) {
	onlyOnLinux(t)
	t.Parallel()
	beside := begin(t, nil, "run", "--out", t.TempDir(), "testdata/endless.ipynb")
	beside.prints("  begun")
	killed := begin(t, nil, "run", "--out", t.TempDir(), "testdata/endless.ipynb")
	killed.prints("  begun")
	killed.Process.Kill()
	killed.ends()
	next := begin(t, nil, "run", "--out", t.TempDir(), "testdata/small.ipynb")
	if code := next.ends(); code != 0 {
		t.Errorf("exit status %d: %s", code, next.stderr)
	}
	eventually(t, "the killed run's processes are gone", func() bool {
		folders, processes := killed.left()
		return len(folders)+len(processes) == 0
	})
	next.cleanedUp()
	if folders, processes := beside.left(); len(folders) != 1 || len(processes) < 2 {
		t.Errorf("of the run that goes on there are the folders %v and the processes %v", folders, processes)
	}
	beside.Process.Signal(syscall.SIGTERM)
	if code := beside.ends(); code != 130 {
		t.Errorf("exit status %d", code)
	}
	beside.cleanedUp()
}

func TestKilledKernelIsReported(t *testing.T) {
	onlyOnLinux(t)
	t.Parallel()
	c := begin(t, nil, "run", "--out", t.TempDir(), "testdata/endless.ipynb")
	c.prints("  begun")
	_, processes := c.left()
	for _, pid := range processes {
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if strings.Contains(string(line), "--kernel") {
			if process, err := os.FindProcess(pid); err == nil {
				process.Kill()
			}
		}
	}
	if code := c.ends(); code != 1 || !strings.Contains(c.stderr.String(), "the kernel ended while the cell ran") {
		t.Errorf("exit status %d, said %q", code, c.stderr)
	}
	c.cleanedUp()
}

// What a cell starts in a session of its own ends with the run.
func TestDaemonOfACellEndsWithTheRun(t *testing.T) {
	onlyOnLinux(t)
	t.Parallel()
	setsid, err := exec.LookPath("setsid")
	if err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "daemon.ipynb")
	const long = "86401.5" // seconds, by which it is known
	writeNotebook(t, path, fmt.Sprintf(`import (
	"os"
	"os/exec"
)

%%%%
os.Setenv("TMPDIR", "/tmp")
daemon := exec.Command(%q, "sleep", %q)
fmt.Println("begun", daemon.Start())`, setsid, long))
	run := begin(t, nil, "run", "--out", t.TempDir(), "--html=false", path)
	if code := run.ends(); code != 0 || !strings.Contains(run.stdout.String(), "begun <nil>") {
		t.Fatalf("exit status %d: %s%s", code, run.stdout, run.stderr)
	}
	eventually(t, "the daemon is gone", func() bool { return len(mentioning("sleep\x00"+long)) == 0 })
	run.cleanedUp()
}

// An endless cell ends by itself, unless somebody wants it otherwise.
func TestDefaultTimeLimit(t *testing.T) {
	for args, want := range map[string]time.Duration{"run x": 30 * time.Minute, "run x --timeout 0": 0, "run x --timeout 90s": 90 * time.Second} {
		var c commands
		parser, err := kong.New(&c)
		if err == nil {
			_, err = parser.Parse(strings.Fields(args))
		}
		if err != nil || c.Run.Timeout != want {
			t.Errorf("%s: a cell may take %v, %v; want %v", args, c.Run.Timeout, err, want)
		}
	}
	if err := (&runCommand{Jobs: 1, Timeout: -1}).fits(); err == nil {
		t.Error("a limit below nothing is taken")
	}
}

// writeNotebook writes a notebook of code cells into a folder.
func writeNotebook(t *testing.T, path string, sources ...string) {
	t.Helper()
	cells := []any{}
	for i, source := range sources {
		cells = append(cells, map[string]any{"cell_type": "code", "id": fmt.Sprint("cell", i+1), "metadata": map[string]any{},
			"source": source, "outputs": []any{}, "execution_count": nil})
	}
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{}, "cells": cells})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/execute"
	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/setup"
)

// start returns a kernel with completion, and a mark in the environment of all its
// processes.
func start(t *testing.T) (k *execute.Kernel, mark string) {
	t.Helper()
	if testing.Short() {
		t.Skip("runs a kernel: not with -short")
	}
	if runtime.GOOS != "linux" {
		t.Skip("processes are looked up in /proc, which only Linux has")
	}
	root, err := setup.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	tools, err := setup.Prepare(t.Context(), root, os.Stderr)
	if err != nil {
		t.Skipf("no kernel can be set up on this machine: %v", err)
	}
	if err := tools.AddCompletion(t.Context(), os.Stderr); err != nil {
		t.Skipf("no completion can be set up on this machine: %v", err)
	}
	mark = "CONVBOOK_TEST_MARK=" + t.Name() + strconv.Itoa(os.Getpid())
	k, err = execute.Start(t.Context(), tools, root, mark)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Stop)
	return k, mark
}

// processes returns those with a mark in their environment, by the names of their
// programs.
func processes(mark string) map[int]string {
	found := map[int]string{}
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		text, _ := os.ReadFile(file)
		if err == nil && slices.Contains(strings.Split(string(text), "\x00"), mark) {
			program, _ := os.Readlink(filepath.Join(filepath.Dir(file), "exe"))
			found[pid] = strings.TrimSuffix(filepath.Base(program), " (deleted)") // where it was built anew meanwhile
		}
	}
	return found
}

// hasChild says whether a program with a mark has started another that has not ended.
func hasChild(mark, parent, child string) bool {
	found := processes(mark)
	for pid, name := range found {
		stat, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if name != child || len(fields) < 2 {
			continue
		}
		if above, err := strconv.Atoi(fields[1]); err == nil && found[above] == parent {
			return true
		}
	}
	return false
}

func waitFor(t *testing.T, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%v later it still does not hold that %s", limit, what)
		}
	}
}

func TestTabInACell(t *testing.T) {
	t.Parallel()
	k, mark := start(t)
	const code = "import \"convbook/pkg/layers\"\n\n%%\nlayers."
	var slowest time.Duration
	tab := func() []string {
		began := time.Now()
		c, err := k.Complete(t.Context(), code, len(code), nil)
		if err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, time.Since(began))
		if len(c.Matches) > 0 && (c.Start != len(code) || c.End != len(code)) {
			t.Errorf("the names are for %d to %d, want %d", c.Start, c.End, len(code))
		}
		return c.Matches
	}
	waitFor(t, 10*time.Second, "the first process has ended", func() bool { return !hasChild(mark, "gonb", "gopls") })
	check := func(when string, names []string) {
		t.Helper()
		for _, want := range []string{"Im2col", "Convolution", "Pooling", "Affine", "SoftmaxWithLoss"} {
			if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, want) }) {
				t.Errorf("%s: %s is not among %q", when, want, names)
			}
		}
		sorted := slices.Sorted(slices.Values(names))
		if len(slices.Compact(sorted)) != len(names) {
			t.Errorf("%s: some names come twice: %q", when, names)
		}
		for _, name := range names {
			if strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz") || strings.HasPrefix(name, "Benchmark") {
				t.Errorf("%s: %s is a test", when, name)
			}
		}
	}
	check("in the kernel's first second", tab())
	reply, err := k.Execute(t.Context(), "%%\nprintln(1)", nil, func(*jupyter.Message) {})
	if err != nil || reply.Status != "ok" {
		t.Fatalf("a cell after it: %v, %v", reply, err)
	}
	var names []string
	waitFor(t, 60*time.Second, "layers. is completed", func() bool {
		names = tab()
		return len(names) > 0
	})
	check("later", names)
	t.Logf("%d names; the slowest answer took %v", len(names), slowest.Round(time.Millisecond))
	if slowest > 4*time.Second {
		t.Errorf("an answer took %v: cells wait for it", slowest)
	}
	k.Stop()
	waitFor(t, 10*time.Second, "gopls ends with the kernel", func() bool { return len(processes(mark)) == 0 })
}

func TestKilledKernelLeavesNoGopls(t *testing.T) {
	t.Parallel()
	_, mark := start(t)
	waitFor(t, 60*time.Second, "gopls and the program before it run", func() bool {
		programs := 0
		for _, name := range processes(mark) {
			if name == "gopls" {
				programs++
			}
		}
		return programs >= 2 // gopls may start itself once more, for its telemetry
	})
	time.Sleep(14 * time.Second) // GoNB is connected by now
	for pid, name := range processes(mark) {
		if name == "gonb" {
			if process, err := os.FindProcess(pid); err == nil {
				process.Kill()
			}
		}
	}
	waitFor(t, 10*time.Second, "gopls ends with the kernel", func() bool { return len(processes(mark)) == 0 })
}

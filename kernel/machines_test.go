package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestOddMachine runs in a folder with a name of two scripts, with settings of
// the user's that would break the kernel if it took them over.
func TestOddMachine(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "합성곱 신경망 notes")
	if err := os.MkdirAll(filepath.Join(folder, "my data"), 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "공책 1.ipynb")
	writeNotebook(t, path, `import (
	"fmt"
	"os"
	"path/filepath"

	"convbook/pkg/nprandom"
)

%%
fmt.Println("first number", nprandom.New(0).Rand())
fmt.Println("absolute", filepath.IsAbs(os.Getenv("CONVBOOK_DATA")))
here, _ := os.Getwd()
fmt.Println("works in", filepath.Base(here))`)
	env := []string{"GOFLAGS=-mod=mod", "GOWORK=off", "GO111MODULE=off", "GOBIN=/nonexistent", "GOOS=plan9", "CONVBOOK_DATA=my data"}
	c := begin(t, env, "run", "--out", filepath.Join(folder, "out"), path)
	if code := c.ends(); code != 0 {
		t.Fatalf("exit status %d: %s", code, c.stderr)
	}
	for _, want := range []string{"first number 0.5488135039273248", "absolute true", "works in 합성곱 신경망 notes", filepath.Join(folder, "out", "공책 1.ipynb")} {
		if !strings.Contains(c.stdout.String(), want) {
			t.Errorf("%q was not printed, only\n%s", want, c.stdout)
		}
	}
}

// TestWithoutHome runs where HOME is not set, as under some services.
func TestWithoutHome(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("HOME is taken away on Linux only")
	}
	t.Parallel()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "home.ipynb")
	writeNotebook(t, path, "import \"fmt\"\n\n%%\nfmt.Println(\"ran without a home\")")
	c := begin(t, []string{"HOME", "XDG_CACHE_HOME=" + cache}, "run", "--out", t.TempDir(), path)
	if code := c.ends(); code != 0 || !strings.Contains(c.stdout.String(), "ran without a home") {
		t.Errorf("exit status %d: %s%s", code, c.stdout, c.stderr)
	}
}

// TestMachines runs on machines that lack something: it works there, or says in a
// line or two what to do.
func TestMachines(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("folders that cannot be written are found in /proc and /dev, which Linux has")
	}
	t.Parallel()
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Skip(err)
	}
	settings := []string{"GOCACHE", "GOMODCACHE", "GOPATH"}
	values, err := exec.Command(goCommand, append([]string{"env"}, settings...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var own []string // where Go keeps its things, whatever the case takes away
	for i, value := range strings.Split(strings.TrimSpace(string(values)), "\n") {
		own = append(own, settings[i]+"="+value)
	}
	small := []string{"run", "--html=false", "testdata/small.ipynb"}
	for _, c := range []struct {
		name string
		env  []string
		args []string
		want string // on stderr; "": it works
	}{
		{"nothing but go on PATH", []string{"PATH=" + filepath.Dir(goCommand)}, small, ""},
		{"this Go and no other", []string{"GOTOOLCHAIN=local"}, small, ""},
		{"a cache that cannot be written", []string{"XDG_CACHE_HOME=/dev/null/cache", "TMPDIR=" + t.TempDir()}, small, ""},
		{"no folder that can be written", []string{"XDG_CACHE_HOME=/dev/null/cache", "TMPDIR=/dev/null/tmp"}, small, "set XDG_CACHE_HOME to one that can"},
		{"no Go", []string{"PATH=/nonexistent"}, small, "the go command is not on PATH; install Go 1.26 or later"},
		{"results that cannot be written", nil, append(small, "--out", "/proc"), "choose another folder with --out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			args := c.args
			if !slices.Contains(args, "--out") {
				args = append(slices.Clone(args), "--out", t.TempDir())
			}
			run := begin(t, append(slices.Clone(own), c.env...), args...)
			code, said := run.ends(), strings.TrimSpace(run.stderr.String())
			if (code == 0) != (c.want == "") || !strings.Contains(said, c.want) || strings.Count(said, "\n") > 1 {
				t.Errorf("exit status %d, said\n%s\nwant %q", code, said, c.want)
			}
		})
	}
}

// TestOldGo has a Go that is too old, and no other to be had.
func TestOldGo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell script")
	}
	t.Parallel()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\necho go1.25.5\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	env := []string{"PATH=" + bin}
	run := begin(t, env, "run", "--out", t.TempDir(), "testdata/small.ipynb")
	if code, said := run.ends(), strings.TrimSpace(run.stderr.String()); code != 1 || !strings.HasSuffix(said, "go is go1.25.5, which is too old; install Go 1.26 or later from https://go.dev/dl") {
		t.Errorf("exit status %d, said\n%s", code, said)
	}
	doctor := begin(t, env, "doctor")
	if code, told := doctor.ends(), doctor.stdout.String(); code != 1 || !strings.Contains(told, "go is go1.25.5, which is too old\n") || !strings.Contains(told, " install Go 1.26 or later from https://go.dev/dl\n") {
		t.Errorf("exit status %d, told\n%s", code, told)
	}
}

package setup

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestRoot(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Dir(filepath.Dir(filepath.Dir(here)))
	for _, dir := range []string{".", here, want, filepath.Join(want, "notebooks")} {
		if got, err := Root(dir); err != nil || got != want {
			t.Errorf("Root(%q) = %q, %v; want %q", dir, got, err, want)
		}
	}
	other := t.TempDir()
	for _, module := range []string{"", "module convbookkeeping\n\ngo 1.26\n", "module example.com/convbook\n"} {
		if module != "" {
			if err := os.WriteFile(filepath.Join(other, "go.mod"), []byte(module), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := Root(other); err == nil || !strings.Contains(err.Error(), other+" is not inside the convbook repository") {
			t.Errorf("in a folder with the module %q: %q, %v", module, got, err)
		}
	}
}

// TestRootOfWindowsCheckout has the line ends that git writes on Windows.
func TestRootOfWindowsCheckout(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module convbook\r\n\r\ngo 1.26.0\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Root(dir); err != nil || got != dir {
		t.Errorf("Root = %q, %v", got, err)
	}
}

func goCommand(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		t.Skip("go is not on PATH")
	}
	return path
}

func TestGoEnvironment(t *testing.T) {
	for _, name := range dropped {
		t.Setenv(name, "off")
	}
	cache := t.TempDir()
	t.Setenv("GOCACHE", cache)
	t.Setenv("GOPROXY", "https://proxy.example.com,direct")
	t.Setenv("CONVBOOK_KERNELS", "avx2")
	env, _, err := goEnvironment(goCommand(t), ".")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"GOFLAGS": "", "GOWORK": "", "GO111MODULE": "", "GOOS": "", "GOARCH": "", "GOBIN": "", "GOENV": "off", "CGO_ENABLED": "0",
		"GOCACHE": cache, "GOPROXY": "https://proxy.example.com,direct", "CONVBOOK_KERNELS": "avx2",
	} {
		if got := valueOf(env, name); got != want {
			t.Errorf("%s=%q, want %q", name, got, want)
		}
	}
	if valueOf(env, "GOMODCACHE") == "" {
		t.Error("the user's module cache is not written out")
	}
}

// TestGoEnvironmentOfUser has a setting made with go env -w.
func TestGoEnvironmentOfUser(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the file of go env -w is put elsewhere on Linux only")
	}
	config := t.TempDir()
	if err := os.MkdirAll(filepath.Join(config, "go", "telemetry"), 0o700); err != nil {
		t.Fatal(err)
	}
	// Else the go command goes on writing there while the folder is removed.
	if err := os.WriteFile(filepath.Join(config, "go", "telemetry", "mode"), []byte("off"), 0o600); err != nil {
		t.Fatal(err)
	}
	settings := "GOPROXY=https://school.example.com\nGOFLAGS=-mod=mod\nGOWORK=off\n"
	if err := os.WriteFile(filepath.Join(config, "go", "env"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CONFIG_HOME", config)
	t.Setenv("GOENV", "")
	t.Setenv("GOPROXY", "")
	os.Unsetenv("GOPROXY")
	env, _, err := goEnvironment(goCommand(t), ".")
	if err != nil {
		t.Fatal(err)
	}
	if got := valueOf(env, "GOPROXY"); got != "https://school.example.com" {
		t.Errorf("GOPROXY=%q, want the user's own", got)
	}
	if valueOf(env, "GOENV") != "off" || valueOf(env, "GOFLAGS") != "" || valueOf(env, "GOWORK") != "" {
		t.Errorf("settings that break the kernel are taken over: %v", env)
	}
}

func TestKernelEnvironment(t *testing.T) {
	with, without := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(with, "gopls"+executable), nil, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", with+string(filepath.ListSeparator)+without)
	t.Setenv("CONVBOOK_DATA", "data")
	tools := &Tools{Bin: filepath.Join(without, "bin"), goCommand: filepath.Join(without, "go", "bin", "go")}
	env, err := tools.kernelEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{tools.Bin, filepath.Join(without, "go", "bin"), without}, string(filepath.ListSeparator))
	if got := valueOf(env, "PATH"); got != want {
		t.Errorf("PATH=%q, want %q", got, want)
	}
	if data := valueOf(env, "CONVBOOK_DATA"); !filepath.IsAbs(data) || filepath.Base(data) != "data" {
		t.Errorf("CONVBOOK_DATA=%q is not absolute", data)
	}
	if valueOf(env, "GOPROXY") != "off" || valueOf(env, "GOFLAGS") != quickLink {
		t.Errorf("GOPROXY=%q GOFLAGS=%q", valueOf(env, "GOPROXY"), valueOf(env, "GOFLAGS"))
	}
	t.Setenv("CONVBOOK_DATA", "stand-in")
	if env, err = tools.kernelEnvironment(); err != nil || valueOf(env, "CONVBOOK_DATA") != "" {
		t.Errorf("CONVBOOK_DATA=%q, %v: the word is no folder and stays as the process has it", valueOf(env, "CONVBOOK_DATA"), err)
	}
}

func TestPrepareWithoutGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Prepare(t.Context(), ".", new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "install Go 1.26") {
		t.Errorf("error %v", err)
	}
}

// TestPrepareWithOddGo has a program called go that is none, or too old a one.
func TestPrepareWithOddGo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell script")
	}
	for _, c := range []struct{ name, script, want string }{
		{"broken", "echo broken >&2; exit 3", "does not work: broken; install Go 1.26 or later from https://go.dev/dl"},
		{"mute", "exit 3", "does not work: exit status 3; install Go 1.26"},
		{"old", "echo go1.25.5", "go is go1.25.5, which is too old; install Go 1.26"},
		{"old, without the new one", "echo 'go: download go1.26.0 for linux/amd64: toolchain not available' >&2; exit 1", "go1.26.0 for linux/amd64: toolchain not available; install Go 1.26"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bin := t.TempDir()
			if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\n"+c.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", bin)
			if _, err := Prepare(t.Context(), ".", new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if _, err := GoVersion("."); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the version: error %v", err)
			}
		})
	}
	t.Run("of a developer", func(t *testing.T) {
		bin := t.TempDir()
		if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\necho 'devel go1.27-abcdef'\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", bin)
		if found, err := GoVersion("."); found != "devel go1.27-abcdef" || err != nil {
			t.Errorf("%q, %v", found, err)
		}
	})
}

func TestPrepareOfHalfAClone(t *testing.T) {
	goCommand(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module convbook\n\ngo 1.26.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	if _, err := Prepare(t.Context(), dir, &log); err == nil || !strings.Contains(err.Error(), "the clone is incomplete") {
		t.Errorf("error %v", err)
	}
	if !strings.HasPrefix(log.String(), "Go modules     ready") {
		t.Errorf("told %q", log.String())
	}
}

// TestPrepareOffline asks for a module that is neither in the cache nor on the
// network.
func TestPrepareOffline(t *testing.T) {
	goCommand(t)
	dir := t.TempDir()
	module := "module convbook\n\ngo 1.26.0\n\nrequire example.com/missing v1.0.0\n"
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(module), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOPROXY", "off")
	var log bytes.Buffer
	_, err := Prepare(t.Context(), dir, &log)
	if err == nil || !strings.Contains(err.Error(), "example.com/missing") || !strings.Contains(err.Error(), "connect to the network and run again") {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(log.String(), "failed") {
		t.Errorf("told %q", log.String())
	}
}

func TestPrepareIsStopped(t *testing.T) {
	goCommand(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	root, err := Root(".")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := Prepare(ctx, root, new(bytes.Buffer)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

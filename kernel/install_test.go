package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convbook/kernel/internal/jupyter"
)

func TestInstallAndUninstall(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	jupyter := "JUPYTER_DATA_DIR=" + data
	spec := filepath.Join(data, "kernels", "convbook")
	for range 2 { // the second time over the first
		c := begin(t, []string{"GOFLAGS=-mod=mod", "GOWORK=off", jupyter}, "install")
		if code := c.ends(); code != 0 || !strings.Contains(c.stdout.String(), spec) {
			t.Fatalf("exit status %d: %s%s", code, c.stdout, c.stderr)
		}
	}
	text, err := os.ReadFile(filepath.Join(spec, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var kernel struct {
		Argv          []string
		DisplayName   string `json:"display_name"`
		Language      string
		InterruptMode string `json:"interrupt_mode"`
		Env           map[string]string
	}
	if err := json.Unmarshal(text, &kernel); err != nil {
		t.Fatal(err)
	}
	if kernel.DisplayName != "Go (convbook)" || kernel.Language != "go" || kernel.InterruptMode != "message" ||
		len(kernel.Argv) != 6 || kernel.Argv[3] != "{connection_file}" {
		t.Errorf("the kernelspec is\n%s", text)
	}
	for _, program := range kernel.Argv[:2] {
		if _, err := os.Stat(program); err != nil {
			t.Errorf("the kernel's program: %v", err)
		}
	}
	if work, set := kernel.Env["GOWORK"]; !set || work != "" || !strings.Contains(kernel.Env["GOFLAGS"], "-ldflags=-s") || kernel.Env["CGO_ENABLED"] != "0" || kernel.Env["GOPROXY"] != "off" {
		t.Errorf("the kernel's environment is %v", kernel.Env)
	}
	if _, err := os.Stat(filepath.Join(spec, "logo-svg.svg")); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"is removed", "Nothing is installed"} {
		c := begin(t, []string{jupyter}, "uninstall")
		if code := c.ends(); code != 0 || !strings.Contains(c.stdout.String(), want) {
			t.Errorf("exit status %d: %s%s; want %q", code, c.stdout, c.stderr, want)
		}
	}
	if _, err := os.Stat(spec); !os.IsNotExist(err) {
		t.Errorf("the kernelspec is still there: %v", err)
	}
}

// TestInstalledKernelThatIsKilled starts the kernel as Jupyter does, kills it while a
// cell runs for ever, and has the next command clean up.
func TestInstalledKernelThatIsKilled(t *testing.T) {
	onlyOnLinux(t)
	t.Parallel()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "connection.json")
	if code := begin(t, []string{"JUPYTER_DATA_DIR=" + data}, "install").ends(); code != 0 {
		t.Fatalf("exit status %d", code)
	}
	text, err := os.ReadFile(filepath.Join(data, "kernels", "convbook", "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Argv []string
		Env  map[string]string
	}
	if err := json.Unmarshal(text, &spec); err != nil {
		t.Fatal(err)
	}
	connection, remove, err := jupyter.NewConnection(t.TempDir(), "k")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	if err := connection.Write(file); err != nil {
		t.Fatal(err)
	}
	spec.Argv[slices.Index(spec.Argv, "{connection_file}")] = file
	kernel := &command{Cmd: exec.Command(spec.Argv[0], spec.Argv[1:]...), t: t}
	kernel.Env = os.Environ()
	for name, value := range spec.Env {
		kernel.Env = append(kernel.Env, name+"="+value)
	}
	if err := kernel.Start(); err != nil {
		t.Fatal(err)
	}
	dead := make(chan struct{})
	go func() {
		kernel.Wait()
		close(dead)
	}()
	t.Cleanup(func() {
		kernel.Process.Kill()
		<-dead
	})
	client, err := jupyter.Dial(t.Context(), connection, dead)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.Execute(t.Context(), "%%\nprintln(\"begun\")\nfor {\n}", dead, func(m *jupyter.Message) {
		if !strings.Contains(string(m.Content), "begun") {
			return
		}
		if folders, processes := kernel.left(); len(folders) != 1 || len(processes) < 1 {
			t.Errorf("the kernel that runs a cell has the folders %v and the processes %v", folders, processes)
		}
		kernel.Process.Kill()
	})
	if !errors.Is(err, jupyter.ErrKernelDied) {
		t.Fatal(err)
	}
	if code := begin(t, nil, "run", "--out", t.TempDir(), "testdata/small.ipynb").ends(); code != 0 {
		t.Errorf("exit status %d", code)
	}
	eventually(t, "what the killed kernel left is gone", func() bool {
		folders, processes := kernel.left()
		return len(folders)+len(processes) == 0
	})
}

// TestUninstallOfAnotherKernel has a kernelspec of the same name that is not ours.
func TestUninstallOfAnotherKernel(t *testing.T) {
	t.Parallel()
	prefix := t.TempDir()
	spec := filepath.Join(prefix, "share", "jupyter", "kernels", "convbook")
	if err := os.MkdirAll(spec, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(spec, "kernel.json"), []byte(`{"argv": ["other"]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	c := begin(t, nil, "uninstall", "--prefix", prefix)
	if code := c.ends(); code != 1 || !strings.Contains(c.stderr.String(), "was not written by convbook") {
		t.Errorf("exit status %d: %s", code, c.stderr)
	}
	if _, err := os.Stat(filepath.Join(spec, "kernel.json")); err != nil {
		t.Errorf("it is gone: %v", err)
	}
}

// TestInstallWhereOthersCouldChangeIt has a prefix in which no kernel can lie that other
// users are to trust, and one that cannot be written.
func TestInstallWhereOthersCouldChangeIt(t *testing.T) {
	onlyOnLinux(t)
	t.Parallel()
	for name, prefix := range map[string]func(dir string) string{
		"can be written by others": func(dir string) string { os.Chmod(dir, 0o777); return dir },
		"cannot be installed there": func(dir string) string {
			os.MkdirAll(filepath.Join(dir, "lib"), 0o755)
			os.WriteFile(filepath.Join(dir, "lib", "convbook"), nil, 0o644)
			return dir
		},
		"no kernel that others are to trust": func(dir string) string {
			os.MkdirAll(filepath.Join(dir, "lib"), 0o755)
			os.Symlink(t.TempDir(), filepath.Join(dir, "lib", "convbook"))
			return dir
		},
	} {
		c := begin(t, nil, "install", "--prefix", prefix(t.TempDir()))
		if code := c.ends(); code != 1 || !strings.Contains(c.stderr.String(), name) {
			t.Errorf("exit status %d: %s, want %q", code, c.stderr, name)
		}
	}
}

// TestUninstallBesideFilesOfOthers has in lib/convbook what convbook has not put there.
func TestUninstallBesideFilesOfOthers(t *testing.T) {
	t.Parallel()
	place := filepath.Join(t.TempDir(), "lib", "convbook")
	thesis := filepath.Join(place, "thesis")
	if err := os.MkdirAll(thesis, 0o755); err != nil {
		t.Fatal(err)
	}
	version := filepath.Join(place, "0123456789abcdef", "bin")
	if err := os.MkdirAll(version, 0o755); err != nil {
		t.Fatal(err)
	}
	prefix := filepath.Dir(filepath.Dir(place))
	c := begin(t, nil, "uninstall", "--prefix", prefix)
	if code := c.ends(); code != 1 || !strings.Contains(c.stderr.String(), "it holds thesis") {
		t.Errorf("exit status %d: %s%s", code, c.stdout, c.stderr)
	}
	if _, err := os.Stat(version); err != nil {
		t.Error(err)
	}
	os.Remove(thesis)
	if code := begin(t, nil, "uninstall", "--prefix", prefix).ends(); code != 0 {
		t.Errorf("exit status %d", code)
	}
	if _, err := os.Stat(place); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
}

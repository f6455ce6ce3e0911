package attack

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/kernelspec"
	"convbook/kernel/internal/shared"
	"convbook/pkg/system/process"
)

// sharedVariable names a prefix that a kernel is installed in for all users. (.ci/run)
const sharedVariable = "CONVBOOK_TEST_SHARED"

// installed is what a kernelspec says.
type installed struct {
	Argv []string
	Env  map[string]string
}

func sharedSpec(t *testing.T) (spec installed) {
	t.Helper()
	prefix := os.Getenv(sharedVariable)
	if prefix == "" {
		t.Skip("skipped: " + sharedVariable + " names no prefix with a kernel for all users")
	}
	text, err := os.ReadFile(filepath.Join(kernelspec.Folder(kernelspec.PrefixData(prefix)), "kernel.json"))
	must(t, err)
	must(t, json.Unmarshal(text, &spec))
	return spec
}

// kernelOf starts the shared kernel as an account, as Jupyter does.
func kernelOf(t *testing.T, a *Account, spec installed, settings ...string) (client *jupyter.Client, dead chan struct{}, said *strings.Builder) {
	t.Helper()
	folder, err := os.MkdirTemp(a.Temp, "k")
	must(t, err)
	must(t, os.Chown(folder, a.UID, a.UID))
	connection, remove, err := jupyter.NewConnection(folder, "k")
	must(t, err)
	t.Cleanup(remove)
	file := filepath.Join(folder, "kernel-1.json")
	must(t, connection.Write(file))
	must(t, os.Chown(file, a.UID, a.UID))
	args := slices.Clone(spec.Argv)
	args[slices.Index(args, "{connection_file}")] = file
	settings = append(settings, "PATH=/usr/bin:/bin") // without Go
	for name, value := range spec.Env {
		settings = append(settings, name+"="+value)
	}
	cmd := a.Command(settings, args[0], args[1:]...)
	said = new(strings.Builder)
	cmd.Stderr = said
	must(t, cmd.Start())
	dead = make(chan struct{})
	go func() {
		cmd.Wait()
		close(dead)
	}()
	t.Cleanup(func() {
		process.EndGroup(cmd)
		<-dead
	})
	client, err = jupyter.Dial(t.Context(), connection, dead)
	if err != nil {
		<-dead
		return nil, dead, said
	}
	t.Cleanup(client.Close)
	return client, dead, said
}

// firstCell is the kind of cell that a student begins with.
const firstCell = `import (
	"fmt"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/layers"
)

%%
data := dataset.Must(dataset.Open("mnist"))
_, _ = layers.NewRelu[float64](), convnet.Build[float64]
fmt.Println("shared:", data.Source)`

// execute runs a cell and returns what it prints, and its error.
func execute(t *testing.T, client *jupyter.Client, dead chan struct{}, code string) string {
	t.Helper()
	var printed strings.Builder
	reply, err := client.Execute(t.Context(), code, dead, func(m *jupyter.Message) {
		var content struct{ Text string }
		if m.Header.Type == "stream" && json.Unmarshal(m.Content, &content) == nil {
			printed.WriteString(content.Text)
		}
	})
	must(t, err)
	if reply.Status != "ok" {
		printed.WriteString("\n" + reply.Value + "\n" + strings.Join(reply.Traceback, "\n"))
	}
	return printed.String()
}

// tree lists what is in a folder, with modes, owners and times.
func tree(t *testing.T, dir string) (lines []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		lines = append(lines, fmt.Sprintln(path, info.Mode(), info.Size(), info.ModTime().UnixNano()))
		return err
	}))
	return lines
}

// Two users share a kernel that belongs to neither. Each compiles nothing that is
// compiled already, leaves no trace in what is shared, and cannot look at the other's.
func TestSharedKernel(t *testing.T) {
	spec := sharedSpec(t)
	first, second := Accounts(t)
	version := spec.Env[shared.Variable]
	before := tree(t, version)
	for _, a := range []*Account{first, second} {
		client, dead, said := kernelOf(t, a, spec)
		if client == nil {
			t.Fatalf("the kernel does not start:\n%s", said)
		}
		began := time.Now()
		out := execute(t, client, dead, firstCell)
		t.Logf("the first cell of the user %d took %.2f s", a.UID, time.Since(began).Seconds())
		if !strings.Contains(out, "shared: ") {
			t.Errorf("it prints %q", out)
		}
		if _, err := os.Stat(filepath.Join(version, "data", "mnist")); err == nil && !strings.Contains(out, version) {
			t.Errorf("the data that all share is not used: %s", out)
		}
		own := filepath.Join(a.Home, ".cache", "convbook", "build")
		compiled, err := filepath.Glob(filepath.Join(own, "??", "*-a"))
		if err != nil || len(compiled) == 0 || len(compiled) > 12 {
			t.Errorf("%d things were compiled for the user alone, %v; want the cell only", len(compiled), err)
		}
		if info, err := os.Stat(own); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("the user's own cache: %v, %v", info, err)
		}
		out = execute(t, client, dead, "!touch "+version+"/cache/planted "+version+"/course/pkg/planted.go "+version+"/modules/planted "+filepath.Dir(version)+"/planted; true")
		if strings.Count(out, "ermission denied") != 4 {
			t.Errorf("a user writes into what is shared: %s", out)
		}
	}
	if after := tree(t, version); !slices.Equal(before, after) {
		t.Errorf("what is shared has changed: %d entries, then %d", len(before), len(after))
	}
	if out := second.Shell(t, "ls "+filepath.Join(first.Home, ".cache", "convbook")+" 2>&1 || true"); !strings.Contains(out, "ermission denied") {
		t.Errorf("another's cache can be read: %s", out)
	}
}

// A package from outside goes into a module cache of the user's own.
func TestPackageFromOutsideOnASharedKernel(t *testing.T) {
	spec := sharedSpec(t)
	_, user := Accounts(t)
	client, dead, said := kernelOf(t, user, spec)
	if client == nil {
		t.Fatalf("the kernel does not start:\n%s", said)
	}
	modules := filepath.Join(user.Home, "modules")
	if out := execute(t, client, dead, "%env GOMODCACHE="+modules); strings.Contains(out, "rror") {
		t.Fatal(out)
	}
	// One that the shared module cache has, and no database of checksums is asked for, so
	// that the test needs no network.
	out := execute(t, client, dead, "!*GONOSUMDB='*' GOPROXY=$CONVBOOK_GOPROXY go get github.com/alecthomas/kong\nimport \"github.com/alecthomas/kong\"\n\n%%\nvar c struct{}\n_, err := kong.New(&c)\nprintln(\"kong:\", err == nil)")
	if !strings.Contains(out, "kong: true") {
		t.Error(out)
	}
}

// A shared folder that somebody else could have changed is not used.
func TestSharedKernelOfAStranger(t *testing.T) {
	spec := sharedSpec(t)
	stranger, victim := Accounts(t)
	version := filepath.Join(filepath.Dir(victim.Home), "lib", "version")
	for name, spoil := range map[string]func(){
		"open to all":                 func() { os.Chmod(filepath.Join(version, "cache"), 0o777) },
		"of another":                  func() { os.Chown(filepath.Join(version, "modules"), stranger.UID, stranger.UID) },
		"a link":                      func() { os.RemoveAll(version + "/course"); os.Symlink(stranger.Home, version+"/course") },
		"in a folder of another":      func() { os.Chown(filepath.Dir(version), stranger.UID, stranger.UID) },
		"in a folder open to all":     func() { os.Chmod(filepath.Dir(version), 0o777) },
		"in a folder open to a group": func() { os.Chown(filepath.Dir(version), 0, stranger.UID); os.Chmod(filepath.Dir(version), 0o775) },
		"nowhere":                     func() { os.RemoveAll(version) },
	} {
		os.RemoveAll(filepath.Dir(version))
		for _, part := range []string{"bin", "course", "modules", "cache"} {
			must(t, os.MkdirAll(filepath.Join(version, part), 0o755))
		}
		spoil()
		bad := installed{Argv: spec.Argv, Env: map[string]string{shared.Variable: version}}
		client, dead, said := kernelOf(t, victim, bad)
		if client != nil {
			t.Errorf("%s: the kernel starts", name)
			continue
		}
		<-dead
		if !strings.Contains(said.String(), "the kernel of this machine") || !strings.Contains(said.String(), "tell your teacher") {
			t.Errorf("%s: it says %q", name, said)
		}
	}
}

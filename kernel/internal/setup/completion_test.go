package setup

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// cloneWithoutGopls makes a clone whose gopls needs a module that is nowhere.
func cloneWithoutGopls(t *testing.T) *Tools {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("XDG_CACHE_HOME is looked at on Linux only")
	}
	root := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("GOPROXY", "off")
	for path, text := range map[string]string{
		"kernel/completion/main.go":   "package main\n",
		"kernel/tools/gopls/go.mod":   "module example.com/tools\n\ngo 1.26.0\n\nrequire golang.org/x/tools/gopls v0.0.1\n",
		"kernel/tools/gopls/go.sum":   "",
		"kernel/completion/x_test.go": "package main\n",
	} {
		path = filepath.Join(root, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := goCommand(t)
	env, _, err := goEnvironment(command, root)
	if err != nil {
		t.Fatal(err)
	}
	return &Tools{Root: root, Env: []string{"PATH=/usr/bin"}, goCommand: command, goEnv: env}
}

func TestCompletionOffline(t *testing.T) {
	tools := cloneWithoutGopls(t)
	var log bytes.Buffer
	err := tools.AddCompletion(t.Context(), &log)
	if err == nil || !strings.Contains(err.Error(), "gopls could not be built") || !strings.Contains(err.Error(), "connect to the network and run again") {
		t.Errorf("error %v", err)
	}
	if !slices.Equal(tools.Env, []string{"PATH=/usr/bin"}) {
		t.Errorf("the kernel would run with %q", tools.Env)
	}
	bin, built, err := Completion(tools.Root)
	if err != nil || built {
		t.Errorf("built: %v, %v", built, err)
	}
	if entries, err := os.ReadDir(filepath.Dir(bin)); err != nil || len(entries) != 1 || entries[0].Name() != lockFile {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestCompletionThatIsThere(t *testing.T) {
	tools := cloneWithoutGopls(t)
	bin, _, err := Completion(tools.Root)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"gopls", filepath.Join("real", "gopls")} {
		path = filepath.Join(bin, path+executable)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := note(bin, completion); err != nil {
		t.Fatal(err)
	}
	if err := tools.AddCompletion(t.Context(), new(bytes.Buffer)); err != nil {
		t.Fatal(err)
	}
	if want := []string{"PATH=" + bin + string(filepath.ListSeparator) + "/usr/bin"}; !slices.Equal(tools.Env, want) {
		t.Errorf("the kernel runs with %q, want %q", tools.Env, want)
	}
}

func TestCompletionIsBuiltAnew(t *testing.T) {
	tools := cloneWithoutGopls(t)
	first, _, err := Completion(tools.Root)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path  string
		other bool
	}{{"kernel/completion/x_test.go", false}, {"kernel/completion/main.go", true}, {"kernel/tools/gopls/go.sum", true}} {
		if err := os.WriteFile(filepath.Join(tools.Root, filepath.FromSlash(c.path)), []byte("package main // changed\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		now, _, err := Completion(tools.Root)
		if err != nil || (now != first) != c.other {
			t.Errorf("after a change of %s the folder is %q, %v; it was %q", c.path, now, err, first)
		}
		first = now
	}
	if err := os.Remove(filepath.Join(tools.Root, "kernel", "tools", "gopls", "go.mod")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Completion(tools.Root); err == nil || !strings.Contains(err.Error(), "clone it again") {
		t.Errorf("error %v", err)
	}
}

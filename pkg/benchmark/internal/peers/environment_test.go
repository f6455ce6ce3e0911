package peers

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
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

func shell(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	bin := folder(t)
	dir, err := environment.Folder()
	if err != nil {
		t.Fatal(err)
	}
	// As uv does it: "venv" makes the folder, "pip install" fills it.
	shell(t, filepath.Join(bin, "uv"), `echo "$@" >> `+bin+`/calls
[ "$1" = pip ] || exit 0
/bin/mkdir -p `+dir+`/bin
printf '#!/bin/sh\n' > `+dir+`/bin/python
/bin/chmod +x `+dir+`/bin/python`)
	var log bytes.Buffer
	for range 2 {
		python, err := Find(t.Context(), &log)
		if err != nil || python != filepath.Join(dir, "bin", "python") {
			t.Fatalf("%q, %v", python, err)
		}
	}
	calls, err := os.ReadFile(filepath.Join(bin, "calls"))
	if err != nil || strings.Count(string(calls), "\n") != 2 || !strings.Contains(string(calls), "--require-hashes") {
		t.Errorf("uv was called with\n%s, %v", calls, err)
	}
	if !strings.Contains(log.String(), dir) || !strings.Contains(log.String(), "GB") {
		t.Errorf("told %q", log.String())
	}
	// One that does not run any more is made anew.
	shell(t, filepath.Join(dir, "bin", "python"), "exit 1")
	if _, err := Find(t.Context(), &log); err != nil {
		t.Error(err)
	}
	if calls, _ = os.ReadFile(filepath.Join(bin, "calls")); strings.Count(string(calls), "\n") != 4 {
		t.Errorf("uv was called with\n%s", calls)
	}
}

func TestFindFails(t *testing.T) {
	bin := folder(t)
	if _, err := Find(t.Context(), new(bytes.Buffer)); err != ErrNoPython {
		t.Errorf("without Python: %v", err)
	}
	shell(t, filepath.Join(bin, "python3"), "exit 1") // of another version
	if _, err := Find(t.Context(), new(bytes.Buffer)); err != ErrNoPython {
		t.Errorf("with an old Python: %v", err)
	}
	shell(t, filepath.Join(bin, "uv"), `[ "$1" = pip ] && exit 7; exit 0`)
	if _, err := Find(t.Context(), new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "connect to the network and run again") {
		t.Errorf("error %v", err)
	}
}

var pinned = regexp.MustCompile(`^[a-z0-9._-]+==[0-9][^ ]*( ; [^\\]+)? \\$`)

// Each package has one version and at least one hash.
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
	for _, name := range []string{"numpy", "torch"} {
		if !strings.Contains(string(requirements), "\n"+name+"==") {
			t.Errorf("%s is missing", name)
		}
	}
	if packages < 8 || hashes == 0 {
		t.Errorf("%d packages", packages)
	}
}

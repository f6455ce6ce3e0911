package lab

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"convbook/pkg/system/venv"
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

func TestFind(t *testing.T) {
	for _, c := range []struct{ name, script, version string }{
		{"new enough", "echo 4.2.1", "4.2.1"},
		{"later", "echo 12.0.0rc1", "12.0.0rc1"},
		{"too old", "echo 3.6.8", ""},
		{"broken", "exit 1", ""},
		{"something else", "echo hello", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(folder(t), "jupyter-lab")
			program(t, path, c.script)
			got, version, err := Find(t.Context())
			if err != nil || version != c.version || (got == path) != (c.version != "") {
				t.Errorf("found %q, version %q, %v", got, version, err)
			}
		})
	}
}

// TestMake has a uv that makes an environment as uv does it.
func TestMake(t *testing.T) {
	bin := folder(t)
	dir, err := environment.Folder()
	if err != nil {
		t.Fatal(err)
	}
	program(t, filepath.Join(bin, "uv"), `[ "$1" = pip ] || exit 0
/bin/mkdir -p `+dir+`/bin
printf '#!/bin/sh\necho 4.9.9\n' > `+dir+`/bin/jupyter-lab
/bin/chmod +x `+dir+`/bin/jupyter-lab`)
	var log bytes.Buffer
	made, err := Make(t.Context(), &log)
	if err != nil {
		t.Fatal(err)
	}
	if found, version, err := Find(t.Context()); found != made || version != "4.9.9" || err != nil {
		t.Errorf("made %q, found %q, version %q, %v", made, found, version, err)
	}
	if !strings.HasPrefix(log.String(), "JupyterLab     ready") {
		t.Errorf("told %q", log.String())
	}
	program(t, made, "exit 1")
	program(t, filepath.Join(bin, "uv"), `[ "$1" = pip ] || exit 0; echo 'no such host' >&2; exit 7`)
	if _, err := Make(t.Context(), &log); err == nil || err.Error() != "JupyterLab could not be installed: no such host; connect to the network and run again" {
		t.Errorf("error %v", err)
	}
}

func TestFindIsStopped(t *testing.T) {
	program(t, filepath.Join(folder(t), "jupyter-lab"), "exec /bin/sleep 100")
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	time.AfterFunc(100*time.Millisecond, func() { cancel(stopped) })
	if found, _, err := Find(ctx); found != "" || err != stopped {
		t.Errorf("found %q, %v", found, err)
	}
}

func TestMakeWithoutPython(t *testing.T) {
	folder(t)
	if _, err := Make(t.Context(), new(bytes.Buffer)); err != errNoPython || !strings.Contains(err.Error(), "; install uv") {
		t.Errorf("without Python: %v", err)
	}
}

func TestTell(t *testing.T) {
	for _, c := range []struct {
		state venv.State
		want  string
	}{
		{venv.State{All: 4}, "a private Python environment"},
		{venv.State{All: 4, Fetched: 1}, "1 of 4 packages fetched"},
		{venv.State{All: 4, Fetched: 4, Installed: 3}, "3 of 4 packages installed"},
	} {
		if got := tell(c.state); got != c.want {
			t.Errorf("%+v: %q, want %q", c.state, got, c.want)
		}
	}
}

var pinned = regexp.MustCompile(`^[a-z0-9._-]+==[0-9][^ ]*( ; [^\\]+)? \\$`)

// TestEverythingIsPinned holds the list to one version and at least one hash
// for each package.
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
	if packages < 50 || hashes == 0 || !bytes.Contains(requirements, []byte("\njupyterlab==4.")) {
		t.Errorf("%d packages", packages)
	}
}

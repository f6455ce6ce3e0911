package lab

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
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

func TestMake(t *testing.T) {
	bin := folder(t)
	dir, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	// As uv does it: "venv" makes the folder, "pip install" the programs in it.
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
	if !strings.Contains(log.String(), "--require-hashes") {
		t.Errorf("told %q", log.String())
	}
	program(t, filepath.Join(bin, "uv"), `[ "$1" = pip ] && exit 7; /bin/mkdir -p `+dir)
	if _, err := Make(t.Context(), &log); err == nil || !strings.Contains(err.Error(), "connect to the network and run again") {
		t.Errorf("error %v", err)
	}
	if entries, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(entries) != 0 {
		t.Errorf("left behind %v, %v", entries, err)
	}
}

func TestMakeTwiceAtOnce(t *testing.T) {
	folder(t)
	dir, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	release, err := claim(dir+".lock", "JupyterLab")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := Make(t.Context(), new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "another command is installing") {
		t.Errorf("error %v", err)
	}
	old := time.Now().Add(-2 * patience)
	if err := os.Chtimes(dir+".lock", old, old); err != nil {
		t.Fatal(err)
	}
	if release, err := claim(dir+".lock", "JupyterLab"); err != nil {
		t.Errorf("a lock of long ago: %v", err)
	} else {
		release()
	}
}

func TestMakeWithoutPython(t *testing.T) {
	bin := folder(t)
	if _, err := Make(t.Context(), new(bytes.Buffer)); err != errNoPython {
		t.Errorf("without Python: %v", err)
	}
	program(t, filepath.Join(bin, "python3"), "exit 1") // too old
	if _, err := Make(t.Context(), new(bytes.Buffer)); err != errNoPython || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("with an old Python: %v", err)
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

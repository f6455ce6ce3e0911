package process

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// shell returns a command that runs a shell script.
func shell(t *testing.T, script string) *exec.Cmd {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("programs are shell scripts")
	}
	return exec.Command("/bin/sh", "-c", script)
}

func TestRun(t *testing.T) {
	var seen []string
	see := func(line string) bool {
		seen = append(seen, line)
		return strings.HasPrefix(line, "step")
	}
	err := Run(t.Context(), shell(t, `printf 'step 1\nfirst\n\n10 %%\r20 %%\n'; echo 'at last' >&2; printf 'step 2\nno end'; exit 3`), see)
	if err == nil || err.Error() != "20 %; at last; no end" {
		t.Errorf("error %v", err)
	}
	if want := []string{"step 1", "first", "10 %", "20 %", "at last", "step 2", "no end"}; !slices.Equal(seen, want) {
		t.Errorf("seen %q, want %q", seen, want)
	}
	if err := Run(t.Context(), shell(t, "echo fine"), see); err != nil {
		t.Error(err)
	}
	if err := Run(t.Context(), shell(t, "exit 3"), see); err == nil || err.Error() != "exit status 3" {
		t.Errorf("error %v", err)
	}
	if err := Run(t.Context(), exec.Command(filepath.Join(t.TempDir(), "none")), see); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

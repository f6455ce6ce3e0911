package execute

import (
	"os"
	"path/filepath"
	"testing"
)

// A kernel that finds one of its ports taken ends before it answers. The next start
// has other ports.
func TestKernelThatLostItsPort(t *testing.T) {
	tools := kernelTools(t)
	folder := t.TempDir()
	// The first start ends as GoNB does then, the second is GoNB's own.
	script := "#!/bin/sh\nif mkdir '" + folder + "/tried' 2>/dev/null; then echo bind: address already in use >&2; exit 1; fi\n" +
		"exec '" + filepath.Join(tools.Bin, "gonb") + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(folder, "gonb"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	tools.Bin = folder
	k, err := Start(t.Context(), tools, tools.Root)
	if err != nil {
		t.Fatal(err)
	}
	k.Stop()
	if _, err := os.Stat(filepath.Join(folder, "tried")); err != nil {
		t.Error("the start that fails was not tried")
	}
}

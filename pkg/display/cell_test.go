//go:build unix

package display

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"convbook/pkg/internal/celltest"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

func TestMain(m *testing.M) {
	if os.Getenv("DISPLAY_TEST_CUT_OFF") != "" {
		Show("first", smallFigure())
		Show("second")
		return
	}
	os.Exit(celltest.Main(m))
}

// TestCutOff runs a program whose kernel is gone: it shows its values in the
// terminal, complains once, and ends.
func TestCutOff(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "DISPLAY_TEST_CUT_OFF=1", "CONVBOOK_FIGURES="+folder,
		protocol.GONB_PIPE_ENV+"="+filepath.Join(folder, "gone"), protocol.GONB_PIPE_BACK_ENV+"="+filepath.Join(folder, "gone"))
	var out, complaints strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "first\n[figure] Three <epochs>: "+filepath.Join(folder, "01-three-epochs.svg")+"\nsecond\n"; got != want {
		t.Errorf("printed %q; want %q", got, want)
	}
	if strings.Count(complaints.String(), "the notebook cannot be reached") != 1 {
		t.Errorf("complained %q", complaints.String())
	}
}

package explore

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"convbook/pkg/explore/js"
)

// The program of a cell holds the script of the kind that it shows, and no other.
func TestCellLinksOneScript(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: it builds programs")
	}
	scripts := map[string]string{"Im2col(x, 3, 3, 1, 0)": js.Im2col(), "Convolution(x, x, nil, 1, 0)": js.Convolution(),
		"Network(&net, x)": js.Network(), "Training[float64](nil, nil)": js.Training()}
	for _, shown := range []string{"Im2col(x, 3, 3, 1, 0)", "Network(&net, x)"} {
		source, program := filepath.Join(t.TempDir(), "main.go"), filepath.Join(t.TempDir(), "cell")
		text := "package main\n\nimport (\n\t\"convbook/pkg/convnet\"\n\t\"convbook/pkg/display\"\n\t\"convbook/pkg/explore\"\n\t\"convbook/pkg/ndarray\"\n)\n\n" +
			"var (\n\tnet convnet.Sequential[float64]\n\tx = ndarray.Zeros[float64](6, 6)\n)\n\nfunc main() {\n\tdisplay.Show(explore." + shown + ")\n}\n"
		if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command("go", "build", "-ldflags=-s", "-o", program, source).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		built, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		for call, script := range scripts {
			if linked := bytes.Contains(built, []byte(strings.TrimSpace(script))); linked != (call == shown) {
				t.Errorf("a cell with explore.%s: the script of explore.%s is linked: %v", shown, call, linked)
			}
		}
	}
}

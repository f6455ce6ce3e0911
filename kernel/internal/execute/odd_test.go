package execute

import (
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/pitfall"
)

// oddLines are what cells are made of, and what trips their readers.
var oddLines = []string{"%%", "%% -v", "%main", "%exec f", "%exec", "//gonb:%%", "!", "! ", "%", "%\t", "!true", "!echo \\", "%env A b", "%env", "%nothing", "%%bash", "%%script",
	"func f() {}", "func main() {", "}", "x := `", "`", "/*", "*/", "// x", "import \"fmt\"", "import (", ")", "package main", "var a, b = 1, 2", "type T struct{}", "println(1)", "'", "\"", "\r", "\x00", "합성곱", "%ls", "%rm f", "%capture",
	"%test", "!*ls", "\\", "%%writefile", "%cd", "%with_inputs", "//go:embed x", "_ = 1 &&", "!b", "const c = iota", "func init_a() {}"}

// TestOddCells gives GoNB cells of odd lines that have no pitfall: it may not like them,
// and it must not end.
func TestOddCells(t *testing.T) {
	tools := kernelTools(t)
	cells, seed := 40, uint64(1)
	if os.Getenv(long) != "" {
		cells, seed = 600, uint64(time.Now().UnixNano())
	}
	random := rand.New(rand.NewPCG(seed, 0))
	k, err := Start(t.Context(), tools, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer k.Stop()
	for n := 0; n < cells; {
		var lines []string
		for range 1 + random.IntN(6) {
			lines = append(lines, oddLines[random.IntN(len(oddLines))])
		}
		source := strings.Join(lines, "\n")
		if len(pitfall.Find(source)) > 0 {
			continue
		}
		n++
		nb := &notebook.Notebook{Cells: []*notebook.Cell{{Kind: "code", Source: source}}}
		err := Notebook(t.Context(), k, nb, Options{Timeout: 20 * time.Second}, silent{})
		if failed := new(CellError); err != nil && !errors.As(err, &failed) {
			t.Fatalf("seed %d: the cell %q: %v", seed, source, err)
		} else if errors.Is(err, jupyter.ErrKernelDied) || failed.Reason != "" && strings.Contains(failed.Reason, "time limit") {
			t.Errorf("seed %d: the cell %q: %v", seed, source, err)
		}
	}
}

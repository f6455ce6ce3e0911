package execute

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/setup"
)

// long runs the tests as often as issue and README promise; without it a short form
// of each runs.
const long = "CONVBOOK_LONG"

// kernelTools sets up the kernel, or skips the test.
func kernelTools(t *testing.T) *setup.Tools {
	t.Helper()
	if testing.Short() {
		t.Skip("runs a kernel: not with -short")
	}
	if runtime.GOOS != "linux" {
		t.Skip("processes are looked up in /proc, which only Linux has")
	}
	root, err := setup.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	tools, err := setup.Prepare(t.Context(), root, os.Stderr)
	if err != nil {
		t.Skipf("no kernel can be set up on this machine: %v", err)
	}
	return tools
}

// displays shows 200 texts, the i-th of i*i bytes after its number; every tenth stands
// in an output of 100 kB.
const displays = `import (
	"fmt"
	"strings"
	"convbook/pkg/display"
)

%%
for i := range 200 {
	size := i * i
	if i%10 == 0 {
		size = 100_000
	}
	display.Show(display.HTML(fmt.Sprintf("<!-- %d -->", i) + strings.Repeat("x", size)))
}`

func TestEveryDisplayArrives(t *testing.T) {
	tools := kernelTools(t)
	runs := 3
	if os.Getenv(long) != "" {
		runs = 50
	}
	for run := range runs {
		k, err := Start(t.Context(), tools, tools.Root)
		if err != nil {
			t.Fatal(err)
		}
		nb := &notebook.Notebook{Cells: []*notebook.Cell{{Kind: "code", Source: displays}}}
		err = Notebook(t.Context(), k, nb, Options{}, silent{})
		k.Stop()
		if err != nil {
			t.Fatal(err)
		}
		outputs := nb.Cells[0].Outputs
		if len(outputs) != 200 {
			t.Fatalf("run %d: %d of 200 displays arrived", run, len(outputs))
		}
		for i, o := range outputs {
			size := i * i
			if i%10 == 0 {
				size = 100_000
			}
			data, _ := o["data"].(map[string]any)
			text, _ := data["text/html"].(string)
			if want := fmt.Sprintf("<!-- %d -->", i); !strings.Contains(text, want) || strings.Count(text, "x") < size {
				t.Fatalf("run %d: output %d has %d bytes and is not the display of that number", run, i, len(text))
			}
		}
	}
}

type silent struct{}

func (silent) CellBegins(int, int, *notebook.Cell) {}
func (silent) Text(string)                         {}
func (silent) CellEnds(time.Duration, error)       {}

// resident returns the memory of a process and of those that it has started, in MB: of
// the front and of GoNB.
func resident(t *testing.T, pid int) float64 {
	t.Helper()
	children := 0.0
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, file := range tasks {
		list, _ := os.ReadFile(file)
		for _, child := range strings.Fields(string(list)) {
			if n, err := strconv.Atoi(child); err == nil {
				children += resident(t, n)
			}
		}
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var kB float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kB); n == 1 {
			return kB/1000 + children
		}
	}
	t.Fatalf("process %d has no memory", pid)
	return 0
}

func files(folder string) (n int) {
	filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return nil
	})
	return n
}

// TestSoak runs many cells through one kernel: each is edited, prints and shows.
func TestSoak(t *testing.T) {
	tools := kernelTools(t)
	cells := 60
	if os.Getenv(long) != "" {
		cells = 1000
	}
	k, err := Start(t.Context(), tools, tools.Root)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Stop()
	folder, pid := k.folder, k.process.Process.Pid
	type state struct {
		kernel, runner float64 // MB
		files          int
	}
	look := func() state {
		runtime.GC()
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		return state{resident(t, pid), float64(memory.HeapAlloc) / 1e6, files(folder)}
	}
	var settled state
	for i := range cells {
		if i == cells/5 {
			settled = look()
		}
		source := fmt.Sprintf("import \"convbook/pkg/display\"\n\n%%%%\nprintln(%d)\ndisplay.Show(display.Markdown(\"cell %d\"))", i, i)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		shown := 0
		reply, err := k.Execute(ctx, source, k.dead, func(m *jupyter.Message) {
			if m.Header.Type == "display_data" {
				shown++
			}
		})
		cancel()
		if err != nil || reply.Status != "ok" || shown != 1 {
			t.Fatalf("cell %d: %v, %v, %d displays", i, reply, err, shown)
		}
	}
	last := look()
	t.Logf("after %d cells: kernel %.1f MB, runner %.1f MB, %d files; after %d: %.1f MB, %.1f MB, %d",
		cells/5, settled.kernel, settled.runner, settled.files, cells, last.kernel, last.runner, last.files)
	if last.kernel > 1.3*settled.kernel+5 {
		t.Errorf("the kernel's memory grows: %.1f MB after %d cells, %.1f MB after %d", settled.kernel, cells/5, last.kernel, cells)
	}
	if last.runner > settled.runner+1 {
		t.Errorf("the runner's memory grows: %.2f MB after %d cells, %.2f MB after %d", settled.runner, cells/5, last.runner, cells)
	}
	if last.files > settled.files+2 {
		t.Errorf("files pile up in the kernel's folder: %d, then %d", settled.files, last.files)
	}
	k.Stop()
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the kernel's folder is left: %v", err)
	}
	entries, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range entries {
		if text, _ := os.ReadFile(file); strings.Contains(string(text), folder+"/") {
			t.Errorf("a process is left: %s", file)
		}
	}
}

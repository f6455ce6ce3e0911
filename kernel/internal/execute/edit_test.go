package execute

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

// A package that is edited while the kernel runs is what the next cell sees. It is
// one of another clone, in a folder with a name of two scripts.
func TestEditsAreSeenByTheNextCell(t *testing.T) {
	tools := kernelTools(t)
	tools.Root = filepath.Join(t.TempDir(), "합성곱 class")
	file := filepath.Join(tools.Root, "pkg", "greeting", "greeting.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(tools.Root, "go.mod"), "module convbook\n\ngo 1.26.0\n")
	write(file, "package greeting\n\nconst Word = \"hello\"\n")
	k, err := Start(t.Context(), tools, tools.Root)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Stop()
	const cell = "import (\n\t\"convbook/pkg/greeting\"\n\t\"fmt\"\n)\n\n%%\nfmt.Println(greeting.Word)"
	for _, word := range []string{"hello", "안녕"} {
		write(file, "package greeting\n\nconst Word = \""+word+"\"\n")
		nb := &notebook.Notebook{Cells: []*notebook.Cell{{Kind: "code", Source: cell}}}
		if err := Notebook(t.Context(), k, nb, Options{}, silent{}); err != nil {
			t.Fatal(err)
		}
		if text, _ := nb.Cells[0].Outputs[0]["text"].(string); strings.TrimSpace(text) != word {
			t.Errorf("the cell prints %q, want %q", text, word)
		}
	}
}

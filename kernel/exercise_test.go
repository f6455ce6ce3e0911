package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

// handIn writes a notebook of code cells, each with an id and the tag of an exercise.
func handIn(t *testing.T, cells ...[2]string) string {
	t.Helper()
	var list []map[string]any
	for _, c := range cells {
		list = append(list, map[string]any{"cell_type": "code", "id": c[0], "metadata": map[string]any{"tags": []string{"exercise"}},
			"execution_count": nil, "outputs": []any{}, "source": c[1]})
	}
	text, err := json.Marshal(map[string]any{"cells": list, "nbformat": 4, "nbformat_minor": 5,
		"metadata": map[string]any{"kernelspec": map[string]any{"display_name": "Go (convbook)", "language": "go", "name": "convbook"}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hand-in.ipynb")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestVerdictsOnHandIns marks notebooks made from notebook 01: the answers in place, and
// what somebody might do instead.
func TestVerdictsOnHandIns(t *testing.T) {
	t.Parallel()
	const (
		head   = "import (\n\t\"convbook/pkg/exercise\"\n\t\"fmt\"\n\t\"os\"\n)\n\nvar _ = fmt.Sprint\nvar _ = os.Exit\n\nvar one, two = []int{100, 3072}, []int{3}\n\n%%\n"
		first  = "exercise.Shape(\"x.Transpose(0, 2, 3, 1).Reshape(100, -1)\", one)\n"
		second = "exercise.Shape(\"x.Index(5).Mean(1, 2)\", two)\n"
		not    = "not passed: x.Index(5).Mean(1, 2) (1 of 2 checks passed)"
	)
	for _, c := range []struct{ name, source, want string }{
		{"solved", head + first + second, ""},
		{"ended with status 0", head + first + "os.Exit(0)\n" + second, not},
		{"deleted", head + first, not},
		{"a printed mark", head + first + "fmt.Println(\"✓ x.Index(5).Mean(1, 2): right. It is (3,).\")\n", not},
		{"the variable unset", head + "os.Unsetenv(\"CONVBOOK_EXERCISE\")\ntwo = nil\n" + first + second, not},
		{"in a comment", head + first + "// " + second, not},
		{"never run", head + first + "if false {\n\t" + second + "}\n", not},
		{"another name", head + first + "exercise.Shape(\"mine\", two)\n", not},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run := begin(t, []string{"CONVBOOK_EXERCISE=strict"}, "run", handIn(t, [2]string{"a16-eacafe", c.source}), "--html=false", "--plain", "--out", t.TempDir())
			code := run.ends()
			if text := run.stdout.String() + run.stderr.String(); (code == 0) != (c.want == "") || !strings.Contains(text, c.want) {
				t.Errorf("exit status %d, want %q in\n%s", code, c.want, text)
			}
		})
	}
}

// TestHostileAnswersInANotebook runs what would break a check through the real kernel, cell
// after cell, and reads what the student sees; the cells after it run.
func TestHostileAnswersInANotebook(t *testing.T) {
	t.Parallel()
	cells := [][2]string{{"c0", "import (\n\t\"convbook/pkg/exercise\"\n\t\"convbook/pkg/ndarray\"\n)\n\ntype A = ndarray.Array[float64]\n\nfunc again(x *A) *A { return again(x.Scale(1)).Scale(1) }\n\n%%\n_ = exercise.NotYet"}}
	hostile := []struct{ body, want string }{
		{"exercise.Relu(func(x *A) *A { os.Exit(0); return x })", "✗ Relu: the program was ended in the middle of the check."},
		{"exercise.Relu(again)", "✗ Relu: again calls itself without end"},
		{"exercise.Relu(func(x *A) *A { runtime.Goexit(); return x })", "✗ Relu: the function called runtime.Goexit"},
		{"exercise.Relu(func(x *A) *A { go func() { panic(\"lost\") }(); select {} })", "a goroutine that the function started stopped with the panic: lost"},
		{"exercise.Relu(func(x *A) *A { big := make([]float64, 10<<27); return x.Scale(big[7] + float64(len(make([]float64, 10<<27)))) })", "✗ Relu: "},
		{"exercise.Relu(func(x *A) *A { for { fmt.Println(\"here\") } })", "prints without end: only the first 20000 bytes"},
		{"exercise.SimpleConvNet(func(params map[string]*A, x *A) *A { clear(params); return x })", "✗ SimpleConvNet: the map params was changed"},
		{"exercise.Relu(func(x *A) *A { x.Shape()[0] = 0; return x })", "✗ Relu: the input x was changed"},
		{"exercise.Relu(func(x *A) *A { return x.Map(func(v float64) float64 { return max(v, 0) }) })", "✓ Relu: right."},
	}
	for i, h := range hostile {
		cells = append(cells, [2]string{string(rune('d' + i)), "%%\n" + h.body})
	}
	path, out := handIn(t, cells...), t.TempDir()
	run := begin(t, nil, "run", path, "--keep-going", "--html=false", "--plain", "--out", out)
	run.ends()
	nb, err := notebook.Read(filepath.Join(out, "hand-in.ipynb"))
	if err != nil {
		t.Fatal(err, run.stderr.String())
	}
	for i, h := range hostile {
		var printed strings.Builder
		for _, o := range nb.Cells[i+1].Outputs {
			if text, ok := o["text"].(string); ok && o["name"] == "stdout" {
				printed.WriteString(text)
			}
		}
		if text := printed.String(); !strings.Contains(text, h.want) || len(text) > 30_000 {
			t.Errorf("%s\nshows %d bytes, not %q, but\n%.2000s", h.body, len(text), h.want, text)
		}
	}
}

//go:build unix

package display

import (
	"encoding/base64"
	"fmt"
	escaper "html"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"convbook/pkg/figure"
	"convbook/pkg/figure/values"
	"convbook/pkg/internal/celltest"
	"convbook/pkg/ndarray"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// run is a history of accuracies.
type run struct{ train, test []float64 }

func (r run) Accuracies() (train, test []float64) { return r.train, r.test }

func smallFigure() *figure.Figure {
	return figure.Accuracy(run{[]float64{.1, .8, .9}, []float64{.1, .7, .8}}, figure.Title("Three <epochs>"))
}

// printed returns what f writes to the standard output.
func printed(t *testing.T, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	kept := os.Stdout
	os.Stdout = w
	defer func() { os.Stdout = kept }()
	text := make(chan string)
	go func() {
		all, _ := io.ReadAll(r)
		text <- string(all)
	}()
	f()
	w.Close()
	return <-text
}

// TestShowKeepsOrder puts text, a figure and a table into one display.
func TestShowKeepsOrder(t *testing.T) {
	displays := celltest.InCell(t, func() {
		Show("before & after", smallFigure(), Markdown("**bold** and $x^2$"),
			Table{Header: []string{"layer", "parameters"}, Rows: [][]string{{"conv<1>", "750"}}}, 42, HTML("<i>as it is</i>"))
	})
	if len(displays) != 1 {
		t.Fatalf("%d displays; want 1", len(displays))
	}
	html := celltest.HTML(t, displays[0])
	at := 0
	for _, want := range []string{"before &amp; after", `<img alt="Three &lt;epochs&gt;. Curves: epochs from 1 to 3, accuracy from 0 to 1. train (from 0.1 to 0.9), test (from 0.1 to 0.8). 곡선: 가로축 에폭 1~3, 세로축 정확도 0~1. 훈련(0.1에서 0.9까지), 시험(0.1에서 0.8까지)."`, "data:image/svg+xml;base64,", "<strong>bold</strong> and $x^2$",
		"<table", `<div lang="en">layer</div><div lang="ko"`, ">계층<", "<th style=\"text-align:right", "conv&lt;1&gt;", ">750</td>", ">42</pre>", "<i>as it is</i>"} {
		next := strings.Index(html[at:], want)
		if next < 0 {
			t.Fatalf("%q is missing or out of order in %s", want, html)
		}
		at += next
	}
	if plain, _ := displays[0].Data[protocol.MIMETextPlain].(string); !strings.Contains(plain, "[figure] Three <epochs>\n") {
		t.Errorf("the text of the display is %q", plain)
	}
}

// TestFigureIsWhole decodes the figure in the display: it is the SVG, byte for byte, and
// the narrow one is for narrow screens. A small figure is there once.
func TestFigureIsWhole(t *testing.T) {
	small := func() *figure.Figure { return figure.Loss([]float64{2, 1}, figure.Size(300, 200)) }
	displays := celltest.InCell(t, func() { Show(smallFigure()); Show(small()) })
	if whole := displays[0].Data[protocol.MIMETextHTML].(string); strings.Count(whole, values.Script()) != 1 || !strings.Contains(whole, telling) {
		t.Error("the display lacks the script of its figures")
	}
	html := celltest.HTML(t, displays[0])
	for before, f := range map[string]*figure.Figure{`src="`: smallFigure(), `<source media="(max-width:640px)" srcset="`: smallFigure().Narrow()} {
		_, rest, _ := strings.Cut(html, before+"data:image/svg+xml;base64,")
		data, _, _ := strings.Cut(rest, `"`)
		got, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			t.Fatal(err)
		}
		want, err := f.SVG()
		if err != nil || string(got) != string(want) {
			t.Errorf("the figure in the display differs from its SVG (%v)", err)
		}
	}
	if html := celltest.HTML(t, displays[1]); strings.Contains(html, "<picture") || strings.Count(html, "base64,") != 1 {
		t.Errorf("a figure of 300 pixels has a narrow form: %.300s", html)
	}
}

// TestStandInIsMarked looks at the metadata of outputs.
func TestStandInIsMarked(t *testing.T) {
	drawn := figure.Accuracy(run{[]float64{.1, .8}, nil}, figure.StandIn(true))
	slot := NewSlot()
	slot.MarkStandIn(true)
	displays := celltest.InCell(t, func() {
		Show("text", smallFigure())
		Show("text", drawn, smallFigure())
		Show(Markdown("text"))
		slot.Set("<b>", "b")
		Settle()
	})
	for i, want := range []bool{false, true, false, true} {
		mark, _ := displays[i].Metadata["convbook"].(map[string]any)
		if mark["stand_in"] == true != want {
			t.Errorf("output %d has the metadata %v; marked %v", i, displays[i].Metadata, want)
		}
	}
}

// TestNothingLost displays 200 values as fast as it can, from several goroutines.
func TestNothingLost(t *testing.T) {
	displays := celltest.InCell(t, func() {
		var wg sync.WaitGroup
		for k := range 4 {
			wg.Go(func() {
				for i := range 50 {
					Show(fmt.Sprintf("value %d.", 50*k+i))
				}
			})
		}
		wg.Wait()
	})
	if len(displays) != 200 {
		t.Fatalf("%d displays of 200", len(displays))
	}
	seen := map[string]bool{}
	for _, d := range displays {
		seen[celltest.HTML(t, d)] = true
	}
	if len(seen) != 200 {
		t.Errorf("%d different displays of 200", len(seen))
	}
}

// TestMarkdownAlone leaves rendering to the notebook, which knows formulas.
func TestMarkdownAlone(t *testing.T) {
	displays := celltest.InCell(t, func() { Show(Markdown("# a\n$x$")) })
	if got := displays[0].Data[protocol.MIMETextMarkdown]; got != "# a\n$x$" {
		t.Errorf("Markdown %q", got)
	}
}

// TestArrays shows what NumPy prints, which String returns.
func TestArrays(t *testing.T) {
	a := ndarray.Arange[float32](3)
	displays := celltest.InCell(t, func() { Show(a) })
	if html := celltest.HTML(t, displays[0]); !strings.Contains(html, escaper.EscapeString(fmt.Sprint(a))+"</pre>") {
		t.Errorf("an array shows as %s", html)
	}
}

// TestOddValues shows what has nothing to show.
func TestOddValues(t *testing.T) {
	values := []any{nil, (*figure.Figure)(nil), (*Table)(nil), &Table{}, Table{Rows: [][]string{{}, {"a", "b"}}}, image.NewGray(image.Rect(0, 0, 0, 0)),
		image.NewGray(image.Rect(0, 0, 3, 2)), io.EOF, []int{1, 2}, "", Markdown(""), strings.Repeat("x", 1<<20)}
	displays := celltest.InCell(t, func() {
		for _, v := range values {
			Show(v, v)
		}
		Show()
	})
	if len(displays) != len(values) {
		t.Errorf("%d displays for %d values", len(displays), len(values))
	}
	text := printed(t, func() {
		for _, v := range values {
			Show(v)
		}
		Show()
	})
	for _, want := range []string{"<nil>\n", "no figure\n", "no table\n", "a  b\n", "[image] 3x2 pixels\n", "EOF\n", "[1 2]\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the terminal does not show %q", want)
		}
	}
}

// TestFiguresOutsideNotebook saves each figure, and never over another.
func TestFiguresOutsideNotebook(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new")
	t.Setenv("CONVBOOK_FIGURES", folder)
	for range 2 {
		saved = album{} // as a new process
		text := printed(t, func() { Show("text", smallFigure(), smallFigure()) })
		lines := strings.Split(text, "\n")
		if len(lines) != 4 || lines[0] != "text" {
			t.Fatalf("printed %q", text)
		}
		for _, line := range lines[1:3] {
			path, found := strings.CutPrefix(line, "[figure] Three <epochs>: ")
			if data, err := os.ReadFile(path); !found || err != nil || !strings.HasPrefix(string(data), "<svg ") || !strings.HasSuffix(path, "-three-epochs.svg") {
				t.Errorf("line %q, file %.20q, %v", line, data, err)
			}
		}
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 4 {
		t.Errorf("%d files, %v; want 4", len(files), err)
	}
	saved = album{}
	t.Setenv("CONVBOOK_FIGURES", filepath.Join(folder, files0(t, folder), "sub"))
	if text := printed(t, func() { Show(smallFigure()) }); !strings.Contains(text, "CONVBOOK_FIGURES") {
		t.Errorf("a folder that cannot be made: %q", text)
	}
	saved = album{}
}

func files0(t *testing.T, folder string) string {
	files, err := os.ReadDir(folder)
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	return files[0].Name()
}

func ExampleShow() {
	Show(Table{
		Header: []string{"layer", "output", "parameters"},
		Rows: [][]string{
			{"합성곱", "(N, 30, 24, 24)", "780"},
			{"Affine", "(N, 100)", "432,100"},
		},
	}, "two layers")
	// Output:
	// layer   output           parameters
	// 계층    출력               매개변수
	// ------  ---------------  ----------
	// 합성곱  (N, 30, 24, 24)         780
	// Affine  (N, 100)            432,100
	// two layers
}

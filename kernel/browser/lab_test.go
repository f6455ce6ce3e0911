package browser

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	imports = `import (
	"fmt"
	"time"
)
`
	figureCell = `import (
	"convbook/pkg/display"
	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

%%
display.Show(figure.ImageGrid(ndarray.Rand[float64](nprandom.New(0), 4, 4), 1, []string{"random"}, figure.Title("a figure")))`

	trainingCell = `import (
	"context"
	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/live"
	"convbook/pkg/trainer"
)

%%
rng := nprandom.New(0)
net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{})
trainer.Must(trainer.Train(context.Background(), net, dataset.Must(dataset.Open("fashion")).Head(10000, 200), trainer.Config{
	Epochs: 8, Rng: rng, Optimizer: "adam", EvaluateSampleNumPerEpoch: 200, Callbacks: []trainer.Callback{live.Training()}}))`
)

// TestLab is a student's first hour: everything below is done with mouse and keyboard in
// JupyterLab.
func TestLab(t *testing.T) {
	chromium(t)
	course := copyCourse(t, map[string]string{
		"explored.ipynb": notebook(exploredCell, "%%\n"),
		"good.ipynb":     notebook("import \"fmt\"\n\n%%\nfmt.Println(\"hello\")", figureCell, trainingCell),
		"bad.ipynb": notebook(
			imports+"\n%%\nfmt.Println(\"begun\", time.Now().Year() > 2000)",
			"%%\nfmt.Println(\"one\")\nfmt.Println(nothing)",
			"%%\nnumbers := []int{1, 2, 3}\nfor i := 0; i <= len(numbers); i++ {\n\tfmt.Println(numbers[i])\n}",
			"%%\nfmt.Println(\"asleep\")\ntime.Sleep(time.Hour)",
			"%%\nfmt.Println(\"awake\")",
			"%%\nfor {\n\tfmt.Println(\"without end\")\n}"),
		"names.ipynb": notebook("import \"convbook/pkg/layers\"\n\n%%\n_ = layers.OutSize(7, 5, 1, 0)", "%%\n"),
	})
	l := startLab(t, course)
	t.Run("a figure answers the pointer", func(t *testing.T) { answersInLab(t, l, course) })
	t.Run("all cells run, with a figure and live progress", func(t *testing.T) {
		p := openPage(t, l)
		p.open("good.ipynb")
		p.menu("Run", "runmenu:run-all")
		p.shows(0, 30*time.Second, "hello")
		p.wait("the figure is a picture", time.Minute, `[...document.querySelectorAll('.jp-CodeCell')][1].querySelector('img')?.naturalWidth > 50`)
		states := map[string]bool{}
		p.shows(2, time.Minute, "step ")
		for end := time.Now().Add(time.Minute); !strings.Contains(p.output(2), "final test accuracy"); time.Sleep(50 * time.Millisecond) {
			states[p.output(2)] = true
			if len(states) == 4 {
				p.shotOf(2, "training")
			}
			if time.Now().After(end) {
				t.Fatalf("the training shows\n%s", p.output(2))
			}
		}
		if len(states) < 4 {
			t.Errorf("the progress was seen in %d states, want 4 or more", len(states))
		}
		if evaluate[bool](p, `document.body.innerText.includes('Jupyter news')`) {
			t.Error("JupyterLab asks about its news")
		}
		p.wait("the curve stays as a picture", 10*time.Second, `[...document.querySelectorAll('.jp-CodeCell')][2].querySelector('img')?.naturalWidth > 50`)
		p.shotOf(2, "trained")
	})

	t.Run("errors can be read, cells interrupted, the kernel restarted", func(t *testing.T) {
		p := openPage(t, l)
		p.open("bad.ipynb")
		p.run(0)
		p.shows(0, time.Minute, "begun true")
		p.run(1)
		p.shows(1, time.Minute, "nothing is not known", "line 3: fmt.Println(nothing)", "Go: undefined: nothing")
		p.shot("compile_error")
		p.run(2)
		p.shows(2, time.Minute, "The index 3 is outside the list", "line 4:")
		p.shot("panic")

		// A long cell is interrupted, another runs, the kernel restarts.
		p.run(3)
		p.shows(3, time.Minute, "asleep")
		p.menu("Kernel", "kernelmenu:interrupt")
		p.idle()
		p.shows(3, time.Minute, "Interrupted. Run the cell again", "중단했습니다")
		p.run(4)
		p.shows(4, time.Minute, "awake")
		p.shot("interrupted")

		// So is one that prints without end; Jupyter's server has dropped nothing.
		p.run(5)
		p.shows(5, time.Minute, "the rest is left out")
		p.menu("Kernel", "kernelmenu:interrupt")
		p.idle()
		p.shows(5, time.Minute, "MB left out", "Interrupted. Run the cell again")
		if text := evaluate[string](p, `[...document.querySelectorAll('.jp-CodeCell')][5].innerText`); strings.Contains(text, "rate exceeded") || strings.Contains(text, "[*]") {
			t.Errorf("after printing without end: %.200q … %q", text, text[max(0, len(text)-300):])
		}
		p.shot("endless")
		p.run(4)
		p.shows(4, time.Minute, "awake")

		p.menu("Kernel", "kernelmenu:restart")
		p.click("the question whether to restart", `document.querySelector('.jp-Dialog .jp-mod-accept')`)
		p.wait("the dialog closes", 20*time.Second, `!document.querySelector('.jp-Dialog')`)
		time.Sleep(3 * time.Second) // a new kernel says nothing until it is asked
		p.run(0)
		p.wait("the first cell of the new kernel", time.Minute, `document.querySelector('.jp-CodeCell .jp-InputPrompt').innerText.includes('[1]')`)
		p.shows(0, time.Minute, "begun true")
	})

	t.Run("names are completed", func(t *testing.T) {
		p := openPage(t, l)
		p.open("names.ipynb")
		p.run(0)
		p.idle()
		p.do("typing", chromedp.Evaluate[chromedp.Void](`{const c = document.querySelectorAll('.jp-CodeCell .cm-content')[1]; c.focus()}`),
			chromedp.KeyEvent(kb.End, chromedp.KeyModifiers(kb.ModifierCtrl)), chromedp.KeyEvent("layers."))
		for end := time.Now().Add(2 * time.Minute); ; {
			p.do("Tab", chromedp.KeyEvent(kb.Tab), chromedp.Sleep(3*time.Second))
			if evaluate[string](p, `document.querySelector('.jp-Completer')?.innerText ?? ''`) != "" {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("Tab shows nothing; the cell is\n%s", evaluate[string](p, `document.querySelectorAll('.jp-CodeCell .cm-content')[1].innerText`))
			}
		}
		names := evaluate[string](p, `document.querySelector('.jp-Completer').innerText`)
		for _, want := range []string{"Convolution", "Im2col"} {
			if !strings.Contains(names, want) {
				t.Errorf("the names do not hold %s:\n%s", want, names)
			}
		}
		p.shot("completion")
	})

	t.Run("the dark theme", func(t *testing.T) {
		request, err := http.NewRequest("PUT", l.address+"/lab/api/settings/@jupyterlab/apputils-extension:themes",
			strings.NewReader(`{"raw": "{\"theme\": \"JupyterLab Dark\"}"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "token "+l.token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode >= 300 {
			t.Fatalf("the theme was not set: %s", response.Status)
		}
		p := openPage(t, l)
		p.open("good.ipynb")
		p.wait("the page is dark", 20*time.Second, `document.body.dataset.jpThemeLight === 'false'`)
		p.menu("Run", "runmenu:run-all")
		p.shows(2, 2*time.Minute, "final test accuracy")
		colors := evaluate[[]string](p, `(() => { const text = [...document.querySelectorAll('.jp-CodeCell')][2].querySelector('.jp-OutputArea div div'); return [getComputedStyle(text).color, getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor]})()`)
		if len(colors) != 2 || colors[0] == colors[1] {
			t.Errorf("text and page have the colours %v", colors)
		}
		p.shotOf(2, "dark")
	})
}

package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const exploredCell = `import (
	"convbook/pkg/display"
	"convbook/pkg/explore"
	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

%%
display.Show(explore.Im2col(ndarray.Arange[float64](36).Reshape(6, 6), 3, 3, 1, 0, explore.Title("windows · 윈도")),
	figure.Curves([]figure.Series{{Name: "loss", Y: []float64{2.5, 1.25, 0.75}}}, figure.YLabel("loss")))`

// plainFigure is the figure without controls.
const plainFigure = `[...document.querySelectorAll('img.convbook-figure')].find((e) => !e.closest('.convbook-explore'))`

// answersInLab runs a cell with a figure that answers the pointer, uses it, saves the notebook and opens it again: trusted, as
// somebody else's, and as nbconvert's HTML.
func answersInLab(t *testing.T, l lab, course string) {
	p := openPage(t, l)
	answers := func(what string) {
		t.Helper()
		p.wait(what+": it is alive", time.Minute, `document.querySelector('.convbook-explore')?.explore && `+live(0)+`?.isConnected`)
		r := &reader{page: *p}
		r.point(0, 0, 2, 3)
		r.reads(0, what, "Window (1, 2) is row 6")
		r.press(0, 1, kb.ArrowDown)
		r.reads(0, what+", by keys", "Window (1, 3) is row 7")
		p.wait(what+": the plain figure answers", 20*time.Second, plainFigure+`?.tabIndex === 0`)
		at := evaluate[[]float64](p, `(() => { const e = `+plainFigure+`; e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })()`)
		p.do("pointing at it", chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]))
		p.wait(what+": the value under the pointer", 20*time.Second, `document.querySelector('.convbook-value')?.textContent === 'loss · 손실: x 2, loss · 손실 1.25' && document.querySelector('.convbook-value').style.opacity === '1'`)
		p.do("a key", chromedp.Evaluate[chromedp.Void](plainFigure+`.focus()`), chromedp.KeyEvent(kb.ArrowRight))
		p.wait(what+": the next value", 20*time.Second, `document.querySelector('.convbook-value').textContent.endsWith('0.75')`)
		p.do("nothing has the focus", chromedp.Evaluate[chromedp.Void](plainFigure+`.blur()`))
		if dark := evaluate[string](p, `getComputedStyle(`+live(0)+`).backgroundColor`); dark != "rgb(253, 253, 252)" {
			t.Errorf("%s: in a light theme the card is %s", what, dark)
		}
	}
	p.open("explored.ipynb")
	p.run(0)
	answers("run")
	p.shotOf(0, "explored")
	p.save()
	p.do("again", chromedp.Navigate(l.address+"/lab/tree/explored.ipynb?reset&token="+l.token))
	answers("saved and opened again")

	saved, err := os.ReadFile(filepath.Join(course, "notebooks", "explored.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	others := strings.Replace(string(saved), "windows · 윈도", "windows  · 윈도", 1)
	if err := os.WriteFile(filepath.Join(course, "notebooks", "others.ipynb"), []byte(others), 0o644); err != nil {
		t.Fatal(err)
	}
	p.do("somebody else's", chromedp.Navigate(l.address+"/lab/tree/others.ipynb?reset&token="+l.token))
	p.wait("the still figure of a notebook that is not trusted", time.Minute, `document.querySelector('.jp-OutputArea img')?.naturalWidth > 50 && document.querySelector('.jp-OutputArea img').checkVisibility()`)
	if evaluate[bool](p, `[...document.querySelectorAll('.jp-OutputArea *')].some((e) => e.shadowRoot)`) {
		t.Error("a notebook that is not trusted runs its script")
	}
	if evaluate[bool](p, `!!document.querySelector('.jp-OutputArea img[tabindex]')`) {
		t.Error("a notebook that is not trusted runs the script of plain figures")
	}
	p.shotOf(0, "explored_not_trusted")

	doctor := exec.Command("go", "run", "./kernel", "doctor")
	doctor.Dir = course
	said, err := doctor.CombinedOutput()
	found := program.FindSubmatch(said)
	if err != nil || found == nil {
		t.Fatalf("doctor: %v: %s", err, said)
	}
	convert := exec.Command(filepath.Join(filepath.Dir(string(found[1])), "jupyter-nbconvert"), "--to", "html", "explored.ipynb")
	convert.Dir = filepath.Join(course, "notebooks")
	if out, err := convert.CombinedOutput(); err != nil {
		t.Fatalf("nbconvert: %v: %s", err, out)
	}
	p.do("nbconvert's", chromedp.Navigate("file://"+filepath.Join(course, "notebooks", "explored.html")))
	answers("nbconvert's HTML")
	p.shot("explored_nbconvert")
}

package browser

import (
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// startedAgain runs all of 00, restarts the kernel, runs the cells above one, and all
// again; it answers the exercise wrong and right, and finds the answer kept.
func (p *page) startedAgain() {
	const errors = `document.querySelectorAll('.jp-Notebook .jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"]').length`
	p.open("00_start_here.ipynb")
	p.button("restart")
	p.accept("the question whether to restart")
	counter := p.cell("here it is")
	p.mistake(p.asked(counter), "restarted", "counter and square are not known. After a restart the kernel knows nothing: run the cells above that declare them.", "위쪽 셀들을 먼저 실행하세요", "line 2: ")
	p.enter(counter)
	p.watch(counter - 1)
	p.menu("Run", "notebook:run-all-above")
	p.says(p.ends(counter-1, time.Minute), "the counter is 42")
	p.says(p.runs(counter, time.Minute), "here it is 41 again; but square still works: 144")
	p.shotOf(counter, "cells_above_run")

	exercise := p.cell("var pixels = exercise.NotYet")
	p.watch(exercise)
	p.button("restart-and-run")
	p.accept("the question whether to restart and run all")
	p.ends(exercise, 4*time.Minute)
	p.finds(exercise, "✗")
	p.shot("all_run")
	if n := evaluate[int](p, errors); n != 0 {
		p.t.Errorf("%d errors when all cells are run", n)
	}

	p.edit(exercise, "exercise.NotYet", "100 * 28")
	p.says(p.runs(exercise, time.Minute), "✗", "an image has 28 rows of 28 pixels each", "28개 있습니다")
	p.shotOf(exercise, "wrong")
	p.edit(exercise, "100 * 28", "100 * 28 * 28")
	right := p.runs(exercise, time.Minute)
	p.says(right, "✓")
	p.shotOf(exercise, "right")
	p.save()
	p.open("00_start_here.ipynb")
	exercise = p.cell("var pixels = 100 * 28 * 28")
	p.finds(exercise, strings.TrimSpace(right))
	p.shot("kept")
}

// asked runs a cell that will fail.
func (p *page) asked(cell int) int {
	p.t.Helper()
	p.watch(cell)
	p.run(cell)
	return cell
}

// namesLookedUp completes a name with Tab and asks for its meaning with Shift+Tab, in a
// kernel that has only just been started.
func (p *page) namesLookedUp() {
	p.open("names.ipynb")
	p.enter(0)
	p.types("import \"convbook/pkg/layers\"\n\n%%\nlayers.")
	began := time.Now()
	p.do("Tab", chromedp.KeyEvent(kb.Tab))
	p.wait("names after Tab", 20*time.Second, `document.querySelector('.jp-Completer')?.innerText`)
	tab := time.Since(began)
	names := strings.Fields(evaluate[string](p, `document.querySelector('.jp-Completer').innerText`))
	seen := map[string]int{}
	for _, name := range names {
		seen[name]++
	}
	for _, want := range []string{"NewConvolution", "Im2col"} {
		if seen[want] != 1 {
			p.t.Errorf("%s is offered %d times in %q", want, seen[want], names)
		}
	}
	p.shot("Tab")
	p.types("Im2")
	p.wait("the names are fewer", 20*time.Second, `document.querySelector('.jp-Completer')?.innerText.trim().startsWith('Im2col')`)
	p.do("Enter", chromedp.KeyEvent(kb.Enter))
	p.wait("the name", 20*time.Second, fmt.Sprintf(`%s.innerText.includes('layers.Im2col')`, codeCell(0)))
	began = time.Now()
	p.do("Shift+Tab", chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift)))
	p.wait("what the name means", 20*time.Second, `document.querySelector('.jp-Tooltip')?.innerText.includes('func Im2col')`)
	p.t.Logf("Tab answers after %.1f s, Shift+Tab after %.1f s", tab.Seconds(), time.Since(began).Seconds())
	p.shot("Shift_Tab")
	p.do("Escape", chromedp.KeyEvent(kb.Escape))
	p.save()
}

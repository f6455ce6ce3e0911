package browser

import (
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// codeCell is JavaScript that gives a code cell by its place from 0.
func codeCell(cell int) string {
	return fmt.Sprintf(`document.querySelectorAll('.jp-Notebook .jp-CodeCell')[%d]`, cell)
}

// cell finds the code cell whose source holds a text.
func (p *page) cell(text string) int {
	p.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].findIndex(c => c.querySelector('.jp-InputArea')?.textContent.includes(%s))`, quoted(text))
	p.wait("a cell with "+text, 30*time.Second, find+" >= 0")
	return evaluate[int](p, find)
}

// last is the place of the last code cell.
func (p *page) last() int {
	p.t.Helper()
	return evaluate[int](p, `document.querySelectorAll('.jp-Notebook .jp-CodeCell').length`) - 1
}

// source is the text of a code cell.
func (p *page) source(cell int) string {
	p.t.Helper()
	return evaluate[string](p, fmt.Sprintf(`[...%s.querySelectorAll('.cm-line')].map(l => l.textContent).join('\n')`, codeCell(cell)))
}

// enter clicks into a cell's last line and goes to its end.
func (p *page) enter(cell int) {
	p.t.Helper()
	p.do("scrolling", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`%s.scrollIntoView({block: 'center'})`, codeCell(cell))))
	p.click(fmt.Sprintf("cell %d", cell), fmt.Sprintf(`[...%s.querySelectorAll('.cm-line')].at(-1)`, codeCell(cell)))
	p.do("going to the end", chromedp.KeyEvent(kb.End, chromedp.KeyModifiers(kb.ModifierCtrl)))
}

// types writes lines as a student does: the editor indents them.
func (p *page) types(text string) {
	p.t.Helper()
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			p.do("Enter", chromedp.KeyEvent(kb.Enter))
		}
		p.do("typing", chromedp.KeyEvent(strings.TrimLeft(line, "\t")))
	}
}

// write types the text of an empty cell, the last one, and runs it.
func (p *page) write(text string) (cell int) {
	p.t.Helper()
	cell = p.last()
	p.enter(cell)
	p.types(text)
	for tries, end := 1, time.Now().Add(10*time.Second); flat(p.source(cell)) != flat(text); time.Sleep(100 * time.Millisecond) {
		if time.Now().Before(end) {
			continue
		}
		if tries++; tries > 3 {
			p.t.Fatalf("typed was\n%s\nand the cell is\n%s", text, p.source(cell))
		}
		// On a busy machine a key arrives twice now and then: a student deletes the lines and types them again.
		p.do("all lines", chromedp.KeyEvent("a", chromedp.KeyModifiers(kb.ModifierCtrl)))
		p.do("deleting", chromedp.KeyEvent(kb.Backspace))
		p.types(text)
		end = time.Now().Add(10 * time.Second)
	}
	p.watch(cell)
	p.do("Shift+Enter", chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(kb.ModifierShift)))
	return cell
}

// flat is a text without the blanks that begin its lines.
func flat(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.Join(lines, "\n")
}

// edit selects a text of a cell with the mouse and types another over it.
func (p *page) edit(cell int, old, new string) {
	p.t.Helper()
	if source := p.source(cell); strings.Count(source, old) != 1 {
		p.t.Fatalf("%q is there %d times in\n%s", old, strings.Count(source, old), source)
	}
	ends := evaluate[[]float64](p, fmt.Sprintf(`(() => {
		const line = [...%s.querySelectorAll('.cm-line')].find(l => l.textContent.includes(%s));
		line.scrollIntoView({block: 'center'});
		const at = line.textContent.indexOf(%[2]s), range = document.createRange();
		const place = (offset, set) => {
			const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
			for (let node; (node = walker.nextNode()); offset -= node.length)
				if (offset <= node.length) { set(node, offset); return }
		};
		place(at, (n, o) => range.setStart(n, o)); place(at + %d, (n, o) => range.setEnd(n, o));
		const r = range.getBoundingClientRect();
		return [r.left, r.right, r.top + r.height/2]
	})()`, codeCell(cell), quoted(old), len([]rune(old))))
	p.do("selecting "+old,
		chromedp.MouseEvent(chromedp.MousePressed, ends[0]+1, ends[2], chromedp.Button("left"), chromedp.ClickCount(1)),
		chromedp.MouseEvent(chromedp.MouseMoved, ends[1], ends[2], chromedp.Button("left")),
		chromedp.MouseEvent(chromedp.MouseReleased, ends[1], ends[2], chromedp.Button("left"), chromedp.ClickCount(1)))
	p.wait("the selection of "+old, 10*time.Second, fmt.Sprintf(`getSelection().toString() === %s`, quoted(old)))
	p.do("typing", chromedp.KeyEvent(new))
}

// button clicks a button of the notebook's toolbar.
func (p *page) button(name string) {
	p.t.Helper()
	p.click("the button "+name, fmt.Sprintf(`document.querySelector('.jp-NotebookPanel-toolbar [data-jp-item-name=%q]')`, name))
}

// accept says yes to a question, and waits until it is gone.
func (p *page) accept(what string) {
	p.t.Helper()
	p.click(what, `document.querySelector('.jp-Dialog .jp-mod-accept')`)
	p.wait("the dialog closes", 20*time.Second, `!document.querySelector('.jp-Dialog')`)
}

// runs runs a cell and returns what stands below it when it has ended.
func (p *page) runs(cell int, limit time.Duration) string {
	p.t.Helper()
	p.watch(cell)
	p.run(cell)
	return p.ends(cell, limit)
}

// prompt is JavaScript that gives what stands before a cell, such as "[3]:", also where
// the cell is out of view.
func prompt(cell int) string {
	return codeCell(cell) + `.querySelector('.jp-InputPrompt').textContent.trim()`
}

// watch notes when a cell begins to run.
func (p *page) watch(cell int) {
	p.t.Helper()
	p.do("watching", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{
		const cell = %s;
		delete cell.dataset.begun;
		new MutationObserver((_, o) => { cell.dataset.begun = true; o.disconnect() }).observe(
			cell.querySelector('.jp-InputPrompt'), {childList: true, characterData: true, subtree: true})
	}`, codeCell(cell))))
}

// ends waits until a cell that was run has ended, and returns what stands below it.
func (p *page) ends(cell int, limit time.Duration) string {
	p.t.Helper()
	p.wait(fmt.Sprintf("the end of cell %d", cell), limit, hasEnded(cell))
	return p.output(cell)
}

// hasEnded is JavaScript that says whether a cell has ended since watch.
func hasEnded(cell int) string {
	return codeCell(cell) + `.dataset.begun && /^\[\d+\]:$/.test(` + prompt(cell) + `)`
}

// finds waits until a text stands below a cell that it keeps in view: what is out of view
// is not laid out, and a page that is being laid out jumps.
func (p *page) finds(cell int, text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("%q below cell %d", text, cell), time.Minute, fmt.Sprintf(`(() => {
		const cell = %s;
		cell?.scrollIntoView({block: 'end'});
		return cell?.querySelector('.jp-OutputArea')?.innerText.includes(%s)
	})()`, codeCell(cell), quoted(text)))
}

// visible is how much of an element's height is in view, from 0 to 1.
func (p *page) visible(element string) float64 {
	p.t.Helper()
	return evaluate[float64](p, fmt.Sprintf(`(() => {
		const e = %s, notebook = document.querySelector('.jp-Notebook').getBoundingClientRect(); if (!e) return 0;
		const r = e.getBoundingClientRect();
		return r.height && Math.max(0, Math.min(r.bottom, notebook.bottom) - Math.max(r.top, notebook.top)) / r.height
	})()`, element))
}

// save saves the notebook and waits until it is saved.
func (p *page) save() {
	p.t.Helper()
	p.do("Ctrl+S", chromedp.KeyEvent("s", chromedp.KeyModifiers(kb.ModifierCtrl)))
	p.wait("the notebook is saved", 30*time.Second, `!document.querySelector('.lm-DockPanel-tabBar .jp-mod-dirty')`)
}

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// page is JupyterLab in a browser.
type page struct {
	t   *testing.T
	ctx context.Context
	lab lab
}

// openPage opens a browser, which ends with the test.
func openPage(t *testing.T, l lab) *page {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox,
		chromedp.WindowSize(1280, 1000), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // which starts the browser
		t.Fatal(err)
	}
	ctx, end := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(end)
	return &page{t, ctx, l}
}

func (p *page) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.shot("failed")
		p.t.Fatalf("%s: %v", what, err)
	}
}

// leaving runs a script that leaves the page, when its answer is on its way: of a page that is left there is none.
func leaving(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`void setTimeout(() => {` + script + `}, 50)`)
}

// evaluate runs JavaScript that gives a value.
func evaluate[T any](p *page, script string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// open opens a notebook, goes into its first cell and waits for its kernel.
func (p *page) open(name string) {
	p.t.Helper()
	p.do("opening "+name, chromedp.Navigate(p.lab.address+"/lab/tree/"+name+"?reset&token="+p.lab.token))
	p.click("the first cell", `document.querySelector('.jp-Notebook .jp-CodeCell .cm-content')`)
	p.wait("the kernel is there", 2*time.Minute, `document.querySelector('#jp-main-statusbar')?.innerText.includes('Go (convbook) |')`)
	// What is run before the kernel answers is lost, or JupyterLab asks for another kernel.
	eventually(p.ctx, p.t, "the kernel of "+name+" is connected", 2*time.Minute, func() bool { return p.lab.connected(p.t, name) })
	time.Sleep(2 * time.Second)
}

// idle waits until a kernel that has done something has nothing to do.
func (p *page) idle() {
	p.t.Helper()
	p.wait("the kernel is idle", 2*time.Minute, `document.querySelector('#jp-main-statusbar')?.innerText.includes('| Idle')`)
}

// wait waits until JavaScript gives true.
func (p *page) wait(what string, limit time.Duration, script string) {
	p.t.Helper()
	so := func() bool {
		v, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+script+")"))
		if err != nil && (p.ctx.Err() != nil || !strings.Contains(err.Error(), "(-32000)")) { // that of a page that is just left
			p.t.Fatalf("%s: %v", script, err)
		}
		return err == nil && v
	}
	for end := time.Now().Add(limit); !so(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			p.shot("failed")
			p.t.Fatalf("it never came: %s; the page shows\n%s", what, evaluate[string](p, `document.querySelector('.jp-Notebook')?.innerText ?? document.body.innerText`))
		}
	}
}

// click clicks into the middle of the element that JavaScript gives.
func (p *page) click(what, element string) {
	p.t.Helper()
	// A page that is being built may take an element away again.
	place := fmt.Sprintf(`(() => { const r = (%s)?.getBoundingClientRect(); return r?.width ? [r.x + r.width/2, r.y + r.height/2] : [] })()`, element)
	var at []float64
	for len(at) == 0 {
		p.wait(what, 2*time.Minute, place+".length")
		at = evaluate[[]float64](p, place)
	}
	// A menu activates the item that the mouse moves over.
	p.do(what, chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]), chromedp.MouseClickXY(at[0], at[1]))
}

// menu chooses a command of a menu.
func (p *page) menu(title, command string) {
	p.t.Helper()
	p.click("menu "+title, fmt.Sprintf(`[...document.querySelectorAll('.lm-MenuBar-itemLabel')].find(e => e.innerText === %q)`, title))
	p.click("menu "+title+", "+command, fmt.Sprintf(`document.querySelector('.lm-Menu-item[data-command=%q]')`, command))
}

// run runs a cell, by its place from 0, with Shift and Enter.
func (p *page) run(cell int) {
	p.t.Helper()
	p.do(fmt.Sprintf("running cell %d", cell), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`{const c = document.querySelectorAll('.jp-Notebook .jp-CodeCell')[%d]; c.scrollIntoView({block: 'center'}); c.querySelector('.cm-content').focus()}`, cell)),
		chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(kb.ModifierShift)))
}

// output is the text under a cell.
func (p *page) output(cell int) string {
	p.t.Helper()
	return evaluate[string](p, fmt.Sprintf(`document.querySelectorAll('.jp-Notebook .jp-CodeCell')[%d]?.querySelector('.jp-OutputArea')?.innerText ?? ''`, cell))
}

// shows waits until the text under a cell holds all of the words.
func (p *page) shows(cell int, limit time.Duration, words ...string) {
	p.t.Helper()
	for _, word := range words {
		p.wait(fmt.Sprintf("cell %d shows %q", cell, word), limit,
			fmt.Sprintf(`(document.querySelectorAll('.jp-Notebook .jp-CodeCell')[%d]?.querySelector('.jp-OutputArea')?.innerText ?? '').includes(%s)`, cell, quoted(word)))
	}
}

// shotOf leaves a picture of the page with the end of a cell in view.
func (p *page) shotOf(cell int, name string) {
	p.t.Helper()
	p.do(fmt.Sprintf("going to cell %d", cell), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`document.querySelectorAll('.jp-Notebook .jp-CodeCell')[%d]?.scrollIntoView({block: 'end'})`, cell)))
	p.shot(name)
}

// shot leaves a picture of the page in the folder that CONVBOOK_SHOTS names.
func (p *page) shot(name string) {
	p.t.Helper()
	folder := os.Getenv("CONVBOOK_SHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Logf("no picture %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(folder, strings.NewReplacer("/", "_", ",", "").Replace(p.t.Name())+"_"+name+".png"), picture, 0o644); err != nil {
		p.t.Error(err)
	}
}

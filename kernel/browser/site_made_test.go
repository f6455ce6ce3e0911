package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	protocol "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// site is the site, made once, and beside it what Go computes of what the page computes.
type site struct {
	folder string
	Losses []float64
	Scores []float64
	Blocks []float64
}

var madeSite = sync.OnceValues(func() (site, error) {
	folder, err := os.MkdirTemp(made, "site")
	if err != nil {
		return site{}, err
	}
	s := site{folder: folder}
	plain := append(os.Environ(), "CONVBOOK_KERNELS=purego") // a browser has these loops
	for _, arguments := range [][]string{{"./kernel", "site", "--out", folder}, {"./kernel/browser/testdata/playground/main.go", folder}} {
		run := exec.Command("go", append([]string{"run"}, arguments...)...)
		run.Dir, run.Env = filepath.Join("..", ".."), plain
		if out, err := run.CombinedOutput(); err != nil {
			return s, fmt.Errorf("%v: %w: %s", arguments, err, out)
		}
	}
	text, err := os.ReadFile(filepath.Join(folder, "want.json"))
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	return s, err
})

// The playground's tree, and what it tells those who test it.
const (
	inPlayground = `document.getElementById('playground').shadowRoot`
	inSession    = `document.getElementById('playground').explore`
	patience     = 2 * time.Minute
)

// playing opens the site in a browser.
func playing(t *testing.T) (*reader, site) {
	t.Helper()
	chromium(t)
	s, err := madeSite()
	if err != nil {
		t.Fatal(err)
	}
	return openReader(t, s.folder), s
}

// play reads the page of the playground and waits for its program.
func (r *reader) play() {
	r.t.Helper()
	r.read("playground.html")
	r.ready()
}

func (r *reader) ready() {
	r.t.Helper()
	r.wait("the program is ready", patience, inSession+`?.ready() && `+inSession+`.now.measured`)
}

// buttonOf is the first button that is seen with the words, in JavaScript.
func buttonOf(words string) string {
	return fmt.Sprintf(`[...%s.querySelectorAll('button')].find((e) => e.innerText.includes(%q) && e.checkVisibility())`, inPlayground, words)
}

// presses clicks on a button of the playground.
func (r *reader) presses(words string) {
	r.t.Helper()
	r.do("to "+words, chromedp.Evaluate[chromedp.Void](buttonOf(words)+`.scrollIntoView({block: 'center'})`))
	r.click(words, buttonOf(words))
}

// now is a number of the playground's session.
func (r *reader) now(field string) float64 {
	r.t.Helper()
	return evaluate[float64](&r.page, `Number(`+inSession+`.now.`+field+`)`)
}

// drop drops files on the page.
func (r *reader) drop(names []string, contents ...[]byte) {
	r.t.Helper()
	script := `{ const d = new DataTransfer(); `
	for i, content := range contents {
		script += fmt.Sprintf(`d.items.add(new File([Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))], %q)); `, base64.StdEncoding.EncodeToString(content), names[i])
	}
	r.do("dropping", chromedp.Evaluate[chromedp.Void](script+`document.dispatchEvent(new DragEvent('drop', { dataTransfer: d, bubbles: true, cancelable: true })) }`))
}

// downloads lets the browser put what a page saves into a folder.
func (r *reader) downloads(folder string) {
	r.t.Helper()
	r.do("downloads", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, protocol.SetDownloadBehavior, protocol.SetDownloadBehaviorParams{Behavior: protocol.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder})
		return err
	}))
}

// awaited is what JavaScript promises.
func awaited[T any](r *reader, script string) T {
	r.t.Helper()
	r.do("a promise", chromedp.Evaluate[chromedp.Void](`globalThis.awaited = undefined; void (`+script+`).then((value) => { globalThis.awaited = value })`))
	r.wait("what was promised", patience, `globalThis.awaited !== undefined`)
	return evaluate[T](&r.page, `globalThis.awaited`)
}

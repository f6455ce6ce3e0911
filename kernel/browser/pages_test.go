package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	protocol "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed measure.js
var measure string

// pagesOfCourse makes the pages of the notebooks of the course, with the outputs that they
// hold, or of those in the folder that CONVBOOK_PAGES names, as a run has left them.
func pagesOfCourse(t *testing.T) (folder string, names []string) {
	t.Helper()
	folder = os.Getenv("CONVBOOK_PAGES")
	if folder == "" {
		folder = t.TempDir()
		files, err := filepath.Glob("../../notebooks/*.ipynb")
		if err != nil || len(files) < 15 {
			t.Fatalf("%d notebooks, %v", len(files), err)
		}
		arguments := []string{"run", "./kernel", "run", "--quiet", "--out", folder}
		for _, file := range files {
			arguments = append(arguments, unrun(t, file))
		}
		run := exec.Command("go", arguments...)
		run.Dir = filepath.Join("..", "..")
		if out, err := run.CombinedOutput(); err != nil {
			t.Skipf("no pages could be made on this machine: %v: %s", err, out)
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.html"))
	if err != nil || len(files) < 16 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	for _, file := range files {
		names = append(names, filepath.Base(file))
	}
	return folder, names
}

// unrun copies a notebook whose cells are not to run: its page shows the outputs it has.
func unrun(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var nb map[string]any
	if err := json.Unmarshal(text, &nb); err != nil {
		t.Fatal(err)
	}
	for _, c := range nb["cells"].([]any) {
		metadata := c.(map[string]any)["metadata"].(map[string]any)
		tags, _ := metadata["tags"].([]any)
		metadata["tags"] = append(tags, "skip-execution")
	}
	if text, err = json.Marshal(nb); err != nil {
		t.Fatal(err)
	}
	written := filepath.Join(t.TempDir(), filepath.Base(file))
	if err := os.WriteFile(written, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return written
}

// reader is a browser in which the pages are read.
type reader struct {
	page
	folder string
}

func openReader(t *testing.T, folder string) *reader {
	t.Helper()
	allocated, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox,
		chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(end)
	return &reader{page{t: t, ctx: ctx}, folder}
}

func (r *reader) read(name string) {
	r.t.Helper()
	r.do("opening "+name, chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.Join(r.folder, name)}).String()))
}

// on sets the screen.
func (r *reader) on(width int64, theme string) {
	r.t.Helper()
	r.do("the screen", chromedp.EmulateViewport(width, 900), r.media("", theme))
}

func (r *reader) media(media, theme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media,
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		return err
	})
}

// choose turns the switch.
func (r *reader) choose(language string) {
	r.t.Helper()
	r.click("the switch to "+language, fmt.Sprintf(`document.getElementById('show-%s').labels[0]`, language))
}

// TestPagesAreLegible reads all pages of the course as on a phone and on a large screen, in
// both themes and with the switch in its three states.
func TestPagesAreLegible(t *testing.T) {
	folder, names := pagesOfCourse(t)
	r := openReader(t, folder)
	for _, name := range names {
		for _, width := range []int64{390, 1280} {
			for _, theme := range []string{"light", "dark"} {
				r.on(width, theme)
				r.read(name)
				r.choose("both")
				r.shots(strings.TrimSuffix(name, ".html"), width, theme)
				for _, language := range []string{"en", "ko", "both"} {
					r.choose(language)
					for _, flaw := range evaluate[[]string](&r.page, fmt.Sprintf("(%s)(%q, %q, %t)", measure, theme, language,
						width == 390 && theme == "light" && language == "both")) {
						t.Errorf("%s, %d px, %s, %s: %s", name, width, theme, language, flaw)
					}
				}
			}
		}
	}
}

// TestSwitchIsRemembered turns the switch, reads the page again and goes to the next.
func TestSwitchIsRemembered(t *testing.T) {
	folder, _ := pagesOfCourse(t)
	r := openReader(t, folder)
	r.on(1280, "light")
	r.read("02_im2col.html")
	shows := func(what, page, language string) {
		t.Helper()
		r.wait(what, patience, fmt.Sprintf(`location.pathname.endsWith(%q) && document.readyState === 'complete'`, "/"+page+".html"))
		if got := evaluate[string](&r.page, `document.querySelector('.switch input:checked').value + ' ' + document.documentElement.lang`); got != language {
			t.Errorf("%s: the switch and the language are %q, want %q", what, got, language)
		}
	}
	shows("a first visit", "02_im2col", "both en")
	r.choose("ko")
	shows("Korean", "02_im2col", "ko ko")
	r.do("again", chromedp.Reload())
	shows("the page again", "02_im2col", "ko ko")
	r.do("the next", leaving(`document.querySelector('[rel=next]').click()`))
	shows("the next page", "03_convolution", "ko ko")
	r.choose("en")
	r.do("again", chromedp.Reload())
	shows("another choice, again", "03_convolution", "en en")
	r.do("back", leaving(`history.back()`))
	shows("back", "02_im2col", "en en")
	r.read("index.html")
	shows("the index", "index", "en en")
	r.do("the map", leaving(`document.querySelector('a[href*="00_start_here"]').click()`))
	shows("the map", "00_start_here", "en en")
	links := evaluate[[]string](&r.page, `[...document.querySelectorAll('td a')].map((a) => new URL(a.href).pathname.split('/').pop())`)
	for _, want := range []string{"01_array_shapes.html", "08_deeper_networks.html", "14_beyond_classification.html"} {
		if !strings.Contains(strings.Join(links, " "), want) {
			t.Errorf("the map has no link to %s: %v", want, links)
		}
	}
	// A browser that keeps the memory of each file apart: the links carry the choice.
	r.do("no memory", chromedp.Evaluate[chromedp.Void](`localStorage.clear()`), leaving(`document.querySelector('[rel=next]').click()`))
	shows("carried", "01_array_shapes", "en en")
}

// TestPageByKeyboard uses a page without a mouse, and on paper.
func TestPageByKeyboard(t *testing.T) {
	folder, _ := pagesOfCourse(t)
	r := openReader(t, folder)
	r.on(390, "light")
	r.read("07_assignment.html")
	focus := func() string {
		return evaluate[string](&r.page, `document.activeElement.id || document.activeElement.tagName + ' ' + document.activeElement.parentElement.className`)
	}
	press := func(keys string) { r.do("keys", chromedp.KeyEvent(keys)) }
	press(kb.Tab)
	press(kb.Tab)
	if at := focus(); at != "show-both" {
		t.Errorf("the second Tab leads to %q, want the switch", at)
	}
	press(kb.ArrowLeft)
	if shown := evaluate[string](&r.page, `document.documentElement.lang`); shown != "ko" {
		t.Errorf("the arrow shows %q", shown)
	}
	if outline := evaluate[string](&r.page, `getComputedStyle(document.querySelector('.switch input:checked + span')).outlineStyle`); outline != "solid" {
		t.Errorf("the outline around what has the focus is %q", outline)
	}
	press(kb.Tab)
	if at := focus(); at != "SUMMARY contents" {
		t.Errorf("the third Tab leads to %q, want the contents", at)
	}
	if evaluate[bool](&r.page, `document.querySelector('.contents').open`) {
		t.Error("on a phone the contents are open at first")
	}
	press(kb.Enter)
	if !evaluate[bool](&r.page, `document.querySelector('.contents').open`) {
		t.Error("Enter does not open the contents")
	}
	press(kb.Tab)
	press(kb.Tab)
	press(kb.Enter)
	if at := evaluate[float64](&r.page, `document.querySelectorAll('h2')[1].getBoundingClientRect().top`); at < -2 || at > 60 {
		t.Errorf("the second section is at %v", at)
	}
	r.on(1280, "light")
	r.read("07_assignment.html")
	r.do("down", chromedp.Evaluate[chromedp.Void](`scrollTo(0, 5000)`))
	if !evaluate[bool](&r.page, `(() => { const r = document.querySelector('.contents').getBoundingClientRect(); return document.querySelector('.contents').open && r.top >= 0 && r.bottom <= innerHeight + 1 })()`) {
		t.Error("on a large screen the contents are not seen beside the text")
	}

	const unseen = `[...document.querySelectorAll('details > *:not(summary)')].filter((e) => !e.closest('.aside') && !e.checkVisibility({contentVisibilityAuto: true}) && !e.matches('.en, .ko')).length`
	if n := evaluate[int](&r.page, unseen); n == 0 {
		t.Error("nothing is folded on the screen")
	}
	r.do("paper", r.media("print", "light"))
	r.wait("all is seen on paper", 5*time.Second, unseen+" === 0")
}

// shots leaves pictures of the whole page, in pieces, in the folder that CONVBOOK_SHOTS
// names.
func (r *reader) shots(name string, width int64, theme string) {
	r.t.Helper()
	folder := os.Getenv("CONVBOOK_SHOTS")
	if folder == "" {
		return
	}
	const piece = 2200.0
	r.do("all is painted", chromedp.Evaluate[chromedp.Void](`new Promise((f) => requestAnimationFrame(() => setTimeout(f, 300)))`, chromedp.EvalAwaitPromise))
	height := evaluate[float64](&r.page, `document.documentElement.scrollHeight`)
	for i := 0; float64(i)*piece < height; i++ {
		clip := protocol.Viewport{Y: float64(i) * piece, Width: float64(width), Height: min(piece, height-float64(i)*piece), Scale: 1}
		beyond := true
		shot, err := chromedp.Call(r.ctx, protocol.CaptureScreenshot, protocol.CaptureScreenshotParams{Clip: &clip, CaptureBeyondViewport: &beyond})
		if err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s_%d_%s_%02d.png", name, width, theme, i)), shot.Data, 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
}

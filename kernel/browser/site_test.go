package browser

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestSiteTrains trains in the page, opened from a disk: the losses are those of Go's plain kernels, the accuracy goes from about 10 % to over 70 %, by mouse
// and by keyboard; a changed setting keeps what was learned; what it saves is read by the lines of Go that it shows, what Go has saved gives Go's scores,
// and what is no such file is refused in a line.
func TestSiteTrains(t *testing.T) {
	r, s := playing(t)
	r.on(1280, "light")
	r.play()
	downloaded := t.TempDir()
	r.downloads(downloaded)
	if first := r.now("measured.test"); first > 0.35 {
		t.Errorf("before the first step %v of the test images are read", first)
	}

	// By keyboard, step by step.
	r.do("to the button", chromedp.Evaluate[chromedp.Void](buttonOf("one step")+`.focus()`))
	r.do("a step", chromedp.KeyEvent(kb.Enter))
	r.wait("the first step", patience, inSession+`.now.step === 1`)
	r.do("to the button before it", chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift)))
	r.do("training", chromedp.KeyEvent(" "))
	began := time.Now()
	r.wait("it trains", patience, inSession+`.now.training`)
	r.wait("over 70 % of the test images", patience, inSession+`.now.measured.test > 0.7`)
	t.Logf("from %v to %v of the test images after %v and %v steps of %.0f ms", 0.1, r.now("measured.test"), time.Since(began).Round(100*time.Millisecond), r.now("step"), r.now("msPerStep"))
	r.presses("Pause")
	r.wait("it stands", patience, `!`+inSession+`.now.training`)
	losses := evaluate[[]float64](&r.page, inSession+`.now.course.losses`)
	if len(losses) != int(r.now("step")) || len(losses) < len(s.Losses) {
		t.Fatalf("%d losses after %v steps", len(losses), r.now("step"))
	}
	if got := losses[:len(s.Losses)]; runtime.GOARCH == "amd64" && !slices.Equal(got, s.Losses) { // others round products and sums together
		t.Errorf("the losses are\n%v, Go's\n%v", got, s.Losses)
	}
	r.shots("site_trained", 1280, "light")
	r.pagesNumbersAreGos()

	saved := filepath.Join(downloaded, "playground.npz")
	r.presses("save .npz")
	eventually(t.Context(), t, "the file is saved", patience, func() bool { _, err := os.Stat(saved); return err == nil })
	lines := evaluate[string](&r.page, inPlayground+`.querySelector('.go').textContent`)
	scores := awaited[[]float64](r, looked)
	near(t, "scores of Go for what was saved", linesOfGo(t, downloaded, lines), scores)

	// Another setting: what was learned is kept, and comes back.
	step := r.now("step")
	r.do("another seed", chromedp.Evaluate[chromedp.Void](`{ const e = `+inPlayground+`.querySelector('select[aria-label*=seed]'); e.value = '1'; e.dispatchEvent(new Event('change')) }`))
	r.wait("a new network", patience, inSession+`.now.built.settings.seed === 1`)
	if r.now("step") != 0 || r.now("kept.step") != step {
		t.Errorf("at step %v, kept are %v, want 0 and %v", r.now("step"), r.now("kept.step"), step)
	}
	r.presses("take it back")
	r.wait("the network before", patience, inSession+`.now.built.settings.seed === 0 && `+inSession+`.now.measured`)
	near(t, "scores of the network that came back", awaited[[]float64](r, looked), scores)

	for _, name := range []string{"go.npz", "go.safetensors"} {
		content, err := os.ReadFile(filepath.Join(s.folder, name))
		if err != nil {
			t.Fatal(err)
		}
		r.hostile(name, content)
		r.drop([]string{name}, content)
		r.wait(name+" is read", patience, fmt.Sprintf(`[...%s.querySelectorAll('.notice')].some((e) => e.innerText.includes(%q) && !e.matches('.wrong'))`, inPlayground, name+":"))
		near(t, "scores of "+name, awaited[[]float64](r, looked), s.Scores)
	}
	r.blocks(s)
	r.hostile("train-images-idx3-ubyte", append([]byte{0, 0, 8, 3, 0xff, 0xff, 0xff, 0xff}, make([]byte, 100)...))
	r.presses("one step")
	r.wait("it is alive", patience, inSession+`.now.step > 0`)
	if loaded := evaluate[[]string](&r.page, `performance.getEntriesByType('resource').map((e) => e.name).filter((n) => !n.endsWith('/playground.wasm.js') && !n.startsWith('blob:'))`); len(loaded) > 0 {
		t.Errorf("the page loads %v", loaded)
	}
}

// TestSiteInAHurry presses all buttons and drops a file before the program is there, then many at once: nothing goes wrong or gets lost.
func TestSiteInAHurry(t *testing.T) {
	r, s := playing(t)
	r.on(320, "light")
	content, err := os.ReadFile(filepath.Join(s.folder, "go.npz"))
	if err != nil {
		t.Fatal(err)
	}
	held := func(what, script string) {
		t.Helper()
		if got := evaluate[[]string](&r.page, script); len(got) > 0 {
			t.Errorf("%s: %v", what, got)
		}
	}
	const wrong = `[...` + inPlayground + `.querySelectorAll('.notice.wrong:not([hidden])')].map((e) => e.innerText)`
	r.read("playground.html")
	r.do("in a hurry", chromedp.Evaluate[chromedp.Void](`for (const e of `+inPlayground+`.querySelectorAll('.drive button, .experiments button')) for (let i = 0; i < 4; i++) e.click()`))
	r.drop([]string{"go.npz"}, content)
	r.wait("the file is read", patience, `[...`+inPlayground+`.querySelectorAll('.notice:not(.wrong)')].some((e) => e.innerText.includes('go.npz:'))`)
	r.ready()
	near(t, "scores of the file that came early", awaited[[]float64](r, looked), s.Scores)
	held("what is wrong after a hurry", wrong)

	r.do("on and off", chromedp.Evaluate[chromedp.Void](`{ const e = `+inPlayground+`.querySelector('.train-button'); for (let i = 0; i < 8; i++) e.click(); for (const b of `+inPlayground+`.querySelectorAll('.experiments button')) b.click() }`))
	r.wait("the last of what was asked for", patience, inSession+`.now.built.settings.std === 'he' && `+inSession+`.now.built.settings.filters.length === 3 && `+inSession+`.now.measured`)
	held("what is wrong after many clicks", wrong)
	r.drop([]string{"a.npz", "b.npz", "c.txt", "train-images-idx3-ubyte", "d.safetensors"}, content, content, []byte("x"), []byte{}, content)
	r.wait("five files are refused in a line", patience, `(`+wrong+`).some((text) => text.includes('one file of weights'))`)
	r.drop([]string{"go.npz"}, content)
	r.drop([]string{"go.npz"}, content)
	r.wait("the file is read", patience, `[...`+inPlayground+`.querySelectorAll('.notice:not(.wrong)')].some((e) => e.innerText.includes('go.npz:'))`)
	near(t, "scores of the file that came twice", awaited[[]float64](r, looked), s.Scores)
	if wide := evaluate[float64](&r.page, `document.documentElement.scrollWidth`); wide > 320 {
		t.Errorf("the page is %v px wide on a screen of 320", wide)
	}
	r.do("away", chromedp.Navigate("about:blank"))
	r.do("back", leaving(`history.back()`))
	r.wait("the page again", patience, `location.pathname.endsWith('/playground.html') && document.readyState === 'complete'`)
	r.ready()
	r.presses("one step")
	r.wait("it is alive", patience, inSession+`.now.step > 0`)
	held("what is wrong after coming back", wrong)

	// A program that does not begin: a file that is dropped is told so, too.
	broken := t.TempDir()
	if err := os.CopyFS(broken, os.DirFS(s.folder)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(broken, "playground.wasm.js"), []byte(`window.convbookProgram = "AAAA"`), 0o600); err != nil {
		t.Fatal(err)
	}
	r.folder = broken
	r.read("playground.html")
	r.wait("the program does not begin", patience, `(`+wrong+`).length > 0`)
	r.drop([]string{"go.npz"}, content)
	r.wait("the file is not taken", patience, `(`+wrong+`).length > 1`)
}

// looked are the scores that the program gives an image, in JavaScript.
const looked = inSession + `.look({ pixels: Uint8Array.from({ length: 784 }, (_, i) => i % 256) }).then((seen) => [...seen.scores])`

// pagesNumbersAreGos holds all that the page draws of the first test image against what Go computes of it.
func (r *reader) pagesNumbersAreGos() {
	r.t.Helper()
	r.wait("the figure is alive", patience, inPlayground+`.querySelector('.figure')?.explore`)
	type both struct{ Page, Go [][]float64 }
	var got both
	eventually(r.t.Context(), r.t, "the figure shows the weights as they are", patience, func() bool {
		got = awaited[both](r, inSession+`.look({ set: 'test', index: 0 }).then((seen) => ({ Page: `+inPlayground+`.querySelector('.figure').explore.values().outputs, Go: seen.layers.map((l) => [...l.values]) }))`)
		return len(got.Page) > 0 && farthest(got.Page[0], got.Go[0]) < 1e-4
	})
	for i := range got.Page {
		near(r.t, fmt.Sprintf("layer %d", i), got.Page[i], got.Go[i])
	}
}

// blocks loads a network with batch normalisation, a block and branches, which its file describes: Go's scores for it are the program's, and the program's
// for the first test image are those that the figure computes.
func (r *reader) blocks(s site) {
	r.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.folder, "blocks.npz"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.drop([]string{"blocks.npz"}, content)
	r.wait("the blocks are read", patience, inSession+`.now.built.own && `+inSession+`.now.measured`)
	near(r.t, "scores of blocks", awaited[[]float64](r, looked), s.Blocks)
	type both struct{ Page, Go []float64 }
	var got both
	eventually(r.t.Context(), r.t, "the figure shows the blocks", patience, func() bool {
		got = awaited[both](r, inSession+`.look({ set: 'test', index: 0 }).then((seen) => ({ Page: `+inPlayground+`.querySelector('.figure').explore.values().outputs.at(-1), Go: [...seen.scores] }))`)
		return len(got.Page) == len(got.Go) && farthest(got.Page, got.Go) < 1e-3
	})
	near(r.t, "scores that the figure has of blocks", got.Page, got.Go)
}

// hostile drops what is not what it says: cut off, changed, another file. Each is refused in a line or two, and the page goes on.
func (r *reader) hostile(name string, content []byte) {
	r.t.Helper()
	huge := slices.Clone(content)
	for i := range min(len(huge), 8) {
		huge[i] = 0xff
	}
	for _, bad := range [][]byte{content[:len(content)/2], huge, []byte("<html>"), {}, bytes.Repeat([]byte{0}, 1000)} {
		r.do("no notice", chromedp.Evaluate[chromedp.Void](inPlayground+`.querySelectorAll('.notice').forEach((e) => { e.hidden = true; e.classList.remove('wrong') })`))
		r.drop([]string{name}, bad)
		r.wait(fmt.Sprintf("%d bytes as %s are refused", len(bad), name), patience, inPlayground+`.querySelector('.notice.wrong:not([hidden])')`)
		said := evaluate[string](&r.page, inPlayground+`.querySelector('.notice.wrong:not([hidden])').innerText`)
		if len(said) > 900 || !strings.ContainsFunc(said, func(c rune) bool { return c >= '가' && c <= '힣' }) {
			r.t.Errorf("%d bytes as %s: it says %q", len(bad), name, said)
		}
	}
}

// linesOfGo runs lines for a notebook beside the file that they read, and returns the scores of the network that they make.
func linesOfGo(t *testing.T, folder, lines string) []float64 {
	t.Helper()
	program := strings.NewReplacer("%%", "func main() {", `"convbook/pkg/params"`, "\"convbook/pkg/ndarray\"\n\t\"convbook/pkg/params\"",
		"fmt.Println(net.Summary())", `fmt.Println(len(net.Summary()) > 100)
	x := ndarray.Zeros[float32](1, 1, 28, 28)
	for i := range x.Data() {
		x.Data()[i] = float32(i%256) / 255
	}
	for _, v := range net.Predict(x).Data() {
		fmt.Println(v)
	}
}`).Replace("package main\n\n" + lines)
	file, built := filepath.Join(folder, "main.go"), filepath.Join(folder, "lines")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", built, file)
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, program)
	}
	run := exec.Command(built)
	run.Dir = folder
	out, err := run.Output()
	if err != nil || !strings.HasPrefix(string(out), "true\n") {
		t.Fatalf("%v: %s", err, out)
	}
	var scores []float64
	for line := range strings.Lines(strings.TrimPrefix(string(out), "true\n")) {
		var v float64
		if _, err := fmt.Sscan(line, &v); err != nil {
			t.Fatal(err)
		}
		scores = append(scores, v)
	}
	return scores
}

// TestSiteOnAPhone uses the playground from a file server, with a finger, and looks at it in each language and theme, at both widths; with little
// motion, and without scripts.
func TestSiteOnAPhone(t *testing.T) {
	r, s := playing(t)
	server := httptest.NewServer(http.FileServer(http.Dir(s.folder)))
	t.Cleanup(server.Close)
	r.on(390, "light")
	r.do("the index", chromedp.Navigate(server.URL+"/index.html"))
	r.do("to the playground", leaving(`document.querySelector('a[href*="playground.html"]').click()`))
	r.wait("the playground", patience, `location.pathname.endsWith('/playground.html') && document.readyState === 'complete'`)
	r.ready()
	button := evaluate[[]float64](&r.page, `(() => { const b = `+inPlayground+`.querySelector('.train-button').getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2, b.bottom, b.width] })()`)
	if button[2] > 844 || button[3] < 300 {
		t.Errorf("the button ends at %v and is %v wide: it is not in a phone's first view", button[2], button[3])
	}
	r.finger([][2]float64{{button[0], button[1]}})
	r.wait("it trains", patience, inSession+`.now.step > 0`)
	r.finger([][2]float64{{button[0], button[1]}})
	r.wait("it stands", patience, `!`+inSession+`.now.training`)

	r.do("the settings", chromedp.Evaluate[chromedp.Void](inPlayground+`.querySelector('details').open = true`))
	r.presses("rate 3")
	r.wait("an experiment", patience, inSession+`.now.built.settings.rate === 3 && `+inPlayground+`.querySelector('.figure')?.explore`)
	r.presses("save .npz") // the lines of Go are seen, too
	r.wait("the lines of Go", patience, inPlayground+`.querySelector('.go').checkVisibility()`)
	for _, width := range []int64{390, 1280} {
		for _, theme := range []string{"light", "dark"} {
			r.on(width, theme)
			for _, language := range []string{"en", "ko", "both"} {
				r.do("to the top", chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
				r.choose(language)
				for _, flaw := range evaluate[[]string](&r.page, fmt.Sprintf(`[...(%s)(%s.querySelector('.live'), %q), ...(%[1]s)(%[2]s.querySelector('.figure').shadowRoot.querySelector('.live'), %[3]q)]`, flaws, inPlayground, language)) {
					t.Errorf("%d px, %s, %s: %s", width, theme, language, flaw)
				}
				r.shots("site_"+language, width, theme)
			}
		}
	}
	r.do("again", chromedp.Reload())
	if got := evaluate[string](&r.page, `document.querySelector('.switch input:checked').value`); got != "both" {
		t.Errorf("the language is %q", got)
	}
	r.scripts(false)
	r.do("again", chromedp.Reload())
	r.wait("a text without scripts", patience, `document.querySelector('noscript').checkVisibility() && document.querySelector('noscript').innerText.includes('pages of the course')`)
}

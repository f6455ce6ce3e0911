package browser

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// pressing clicks on a button of the playground, as a script does: what a mouse does there TestSiteTrains sees.
func (f *firefox) pressing(words string) {
	f.t.Helper()
	var pressed bool
	f.evaluate(fmt.Sprintf(`(() => { %s.click(); return true })()`, buttonOf(words)), &pressed)
}

// TestSiteInFirefox trains in the page in Firefox, opened from a disk: the losses and the scores are Go's, its figure answers the mouse, a file of Go's loads, one
// that is none is refused, the language changes, and nothing is asked of anybody.
func TestSiteInFirefox(t *testing.T) {
	f := openFirefox(t)
	s, err := madeSite()
	if err != nil {
		t.Fatal(err)
	}
	f.command("browsingContext.setViewport", map[string]any{"context": f.tab, "viewport": map[string]any{"width": 1280, "height": 900}}, nil)
	f.command("browsingContext.navigate", map[string]any{"context": f.tab, "wait": "complete", "url": (&url.URL{Scheme: "file", Path: filepath.Join(s.folder, "playground.html")}).String()}, nil)
	f.hold("the program is ready", inSession+`?.ready() && `+inSession+`.now.measured`)
	for step := 1; step <= 3; step++ {
		f.pressing("one step")
		f.hold("a step", fmt.Sprintf(inSession+`.now.step === %d`, step))
	}
	f.at(inPlayground + `.querySelector('.train-button')`)
	f.command("input.performActions", map[string]any{"context": f.tab, "actions": []any{map[string]any{"type": "pointer", "id": "mouse",
		"actions": []any{map[string]any{"type": "pointerDown", "button": 0}, map[string]any{"type": "pointerUp", "button": 0}}}}}, nil)
	f.hold("it trains", fmt.Sprintf(inSession+`.now.step >= %d`, len(s.Losses)))
	f.pressing("Pause")
	f.hold("it stands", `!`+inSession+`.now.training`)
	var losses, scores []float64
	if f.evaluate(fmt.Sprintf(inSession+`.now.course.losses.slice(0, %d)`, len(s.Losses)), &losses); runtime.GOARCH == "amd64" && !slices.Equal(losses, s.Losses) { // others round products and sums together
		t.Errorf("the losses are\n%v, Go's\n%v", losses, s.Losses)
	}

	f.hold("the figure is alive", inPlayground+`.querySelector('.figure')?.explore`)
	sheet := inPlayground + `.querySelector('.figure').shadowRoot.querySelector('.sheet[tabindex]')`
	f.at(sheet)
	f.hold("the mouse reads a value", inPlayground+`.querySelector('.figure').shadowRoot.querySelector('.reading').innerText.includes('map')`)

	content, err := os.ReadFile(filepath.Join(s.folder, "go.npz"))
	if err != nil {
		t.Fatal(err)
	}
	var dropped bool
	for _, file := range []struct {
		content []byte
		notice  string
	}{{content[:len(content)/2], ".notice.wrong:not([hidden])"}, {content, ".notice:not(.wrong):not([hidden])"}} {
		f.evaluate(fmt.Sprintf(`(() => { const d = new DataTransfer(); d.items.add(new File([Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))], "go.npz"));
			document.dispatchEvent(new DragEvent('drop', { dataTransfer: d, bubbles: true, cancelable: true })); return true })()`, base64.StdEncoding.EncodeToString(file.content)), &dropped)
		f.hold(fmt.Sprintf("%d bytes are answered", len(file.content)), fmt.Sprintf(`[...%s.querySelectorAll(%q)].some((e) => e.innerText.includes('go.npz:'))`, inPlayground, file.notice))
	}
	f.evaluate(looked, &scores)
	near(t, "scores of go.npz", scores, s.Scores)

	for language, words := range map[string]string{"ko": "학습", "en": "Train"} {
		f.evaluate(fmt.Sprintf(`(() => { document.getElementById('show-%s').click(); return true })()`, language), &dropped)
		f.hold("the page in "+language, fmt.Sprintf(inPlayground+`.querySelector('.train-button').innerText === %q`, words))
	}
	var loaded []string
	if f.evaluate(`performance.getEntriesByType('resource').map((e) => e.name).filter((n) => !n.endsWith('/playground.wasm.js') && !n.startsWith('blob:'))`, &loaded); len(loaded) > 0 {
		t.Errorf("the page loads %v", loaded)
	}
}

package browser

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// control is one that is seen in a figure: what it is, its name, and whether it can be used now.
type control struct {
	Kind, Name string
	Off        bool
}

// controls gives the controls of a figure that are seen, in JavaScript; a choice is its first option that is not chosen.
const controls = `(live) => [...live.querySelectorAll("button, select, input:not([type=radio]), [role=radiogroup]")].filter((e) => e.checkVisibility())
	.map((e) => (e.matches("[role=radiogroup]") ? e.querySelector("input:not(:checked)") : e)).filter((e) => e && e.checkVisibility())`

// state is what a figure says, shows and holds, as text.
const state = `(host) => { const live = host.shadowRoot.querySelector(".live"); return JSON.stringify(host.explore.values()) + live.innerText
	+ [...live.querySelectorAll("input, select")].map((e) => e.value + e.checked) + [...live.querySelectorAll(".marks")].map((e) => e.innerHTML) }`

// TestExploreControls uses every control of a figure of each kind by the keyboard alone, and by a finger alone: each changes the figure.
func TestExploreControls(t *testing.T) {
	figures := []string{figuresOf(t, "im2col", new(any))[1], figuresOf(t, "convolution", new(any))[1], figuresOf(t, "network", new(any))[3], figuresOf(t, "training", new(any))[0]}
	r := exploring(t, figures)
	r.do("a screen that is touched", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
		return err
	}))
	used := 0
	for i := range figures {
		views := 1
		if i < 2 { // im2col and back, or forward and backward
			views = map[int]int{0: 4, 1: 2}[i]
		}
		for view := range views {
			if i < 2 {
				r.do("a view", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`%s.querySelectorAll("[role=radiogroup] input")[%d].click()`, live(i), view)))
			}
			for n, c := range evaluate[[]control](&r.page, fmt.Sprintf(`(%s)(%s).map((e) => ({ Kind: e.type, Name: e.ariaLabel || e.closest("[role=radiogroup]")?.ariaLabel || e.innerText, Off: e.disabled }))`, controls, live(i))) {
				if c.Off || n == 0 && i < 2 { // the choice of the view itself
					continue
				}
				r.uses(i, n, c, "keyboard")
				r.uses(i, n, c, "finger")
				used++
			}
		}
	}
	if used < 30 {
		t.Errorf("only %d controls are used", used)
	}
}

// uses uses the n-th control of a figure.
func (r *reader) uses(figure, n int, c control, by string) {
	r.t.Helper()
	what := fmt.Sprintf("figure %d, %s %q by %s", figure, c.Kind, c.Name, by)
	// The other sliders stand as at first: some leave nothing to choose for others.
	r.do("as at first", chromedp.Evaluate[chromedp.Void](`for (const e of `+live(figure)+`.querySelectorAll("input[type=range]")) if (e.value !== e.defaultValue) { e.value = e.defaultValue; e.dispatchEvent(new Event("input")) }`))
	e := fmt.Sprintf(`(%s)(%s)[%d]`, controls, live(figure), n)
	place := evaluate[[]float64](&r.page, `(() => { const e = `+e+`, seen = e.type === "radio" ? e.parentElement : e; seen.scrollIntoView({block: "center"});
		const b = seen.getBoundingClientRect(); return [b.x, b.y, b.width, b.height, e.type === "range" ? (e.value - e.min) / (e.max - e.min) : 0] })()`)
	was := evaluate[string](&r.page, fmt.Sprintf(`(%s)(%s)`, state, host(figure)))
	r.do("what is heard", chromedp.Evaluate[chromedp.Void](`globalThis.heard = 0; `+e+`.addEventListener("click", () => heard++, { once: true })`))
	if by == "keyboard" {
		keys := map[string]string{"radio": " ", "range": kb.ArrowRight, "number": kb.ArrowUp, "select-one": kb.ArrowDown, "button": kb.Enter}[c.Kind]
		if c.Kind == "range" && place[4] > 0.5 {
			keys = kb.ArrowLeft
		}
		r.do(what, chromedp.Evaluate[chromedp.Void](e+`.focus()`), chromedp.KeyEvent(keys))
	} else {
		x := place[0] + place[2]/2
		if c.Kind == "range" { // its other half
			x = place[0] + place[2]*map[bool]float64{true: 0.1, false: 0.9}[place[4] > 0.5]
		}
		r.finger([][2]float64{{x, place[1] + place[3]/2}})
	}
	opens := c.Kind == "button" || by == "finger" && (c.Kind == "number" || c.Kind == "select-one") // a keyboard or a list on the screen
	r.do("a moment", chromedp.Evaluate[chromedp.Void](`new Promise((f) => requestAnimationFrame(() => setTimeout(f)))`, chromedp.EvalAwaitPromise))
	if now := evaluate[string](&r.page, fmt.Sprintf(`(%s)(%s)`, state, host(figure))); now == was && !(opens && evaluate[int](&r.page, `heard`) > 0) {
		r.t.Errorf("%s: nothing happens", what)
	}
}

package browser

import (
	"context"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/chromedp"
)

// TestExploreStandsStill looks at figures that answer the pointer where they cannot: on paper, and without scripts.
func TestExploreStandsStill(t *testing.T) {
	figures := slices.Concat(figuresOf(t, "im2col", new(any)), figuresOf(t, "network", new(any))[3:4], figuresOf(t, "scoreless", new(any)))
	r := exploring(t, figures)
	const stills = `[...document.querySelectorAll('.convbook-explore img')].filter((e) => e.complete && e.naturalWidth > 50 && e.checkVisibility() && e.getBoundingClientRect().height > 50).length`
	seen := func(what string, still, alive int) {
		t.Helper()
		r.wait(what, 5*time.Second, fmt.Sprintf(`%s === %d`, stills, still))
		if got := evaluate[int](&r.page, `[...document.querySelectorAll('.convbook-explore')].filter((e) => e.shadowRoot?.querySelector('.live')?.checkVisibility()).length`); got != alive {
			t.Errorf("%s: %d figures answer, want %d", what, got, alive)
		}
	}
	seen("on the screen", 0, len(figures))
	r.do("paper", r.media("print", "light"))
	seen("on paper", len(figures), 0)
	r.do("the screen", r.media("", "light"))
	seen("on the screen again", 0, len(figures))
	if loaded := evaluate[[]string](&r.page, `performance.getEntriesByType('resource').map((e) => e.name).filter((n) => !n.startsWith('data:'))`); len(loaded) > 0 {
		t.Errorf("the page loads %v", loaded)
	}
	for i, shown := range []bool{true, false} {
		for _, what := range []string{".bars", "select"} {
			if got := evaluate[bool](&r.page, live(len(figures)-2+i)+`.querySelector("`+what+`").checkVisibility()`); got != shown {
				t.Errorf("network %d shows its %s: %t, want %t: one output is no class", i, what, got, shown)
			}
		}
	}
	if evaluate[int](&r.page, `document.scripts.length`) != 3 {
		t.Error("the page has other scripts than its own, that of plain figures and that of figures that answer")
	}

	r.scripts(false)
	r.read("explored.html")
	seen("without scripts", len(figures), 0)
	r.scripts(true)
	r.read("explored.html")
	r.alive(len(figures))
}

func (r *reader) scripts(on bool) {
	r.t.Helper()
	r.do("scripts", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// TestExploreLeavesNothing takes figures out of a page, as an output that is run again is: they are no longer in memory,
// though the page's language and width are followed.
func TestExploreLeavesNothing(t *testing.T) {
	figures := append(figuresOf(t, "im2col", new(any))[:1], figuresOf(t, "network", new(any))[3])
	r := exploring(t, figures)
	r.do("the figures are taken out", chromedp.Evaluate[chromedp.Void](`globalThis.gone = [...document.querySelectorAll('.convbook-explore')].map((e) => new WeakRef(e.explore.values)); document.querySelectorAll('.convbook-explore').forEach((e) => e.remove())`))
	eventually(t.Context(), t, "the figures are forgotten", 10*time.Second, func() bool {
		r.do("collecting", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, heapprofiler.CollectGarbage, cdp.Empty{})
			return err
		}))
		return evaluate[int](&r.page, `gone.filter((w) => w.deref()).length`) == 0
	})
}

// TestExploreOfAnybody gives pages content that is damaged or hostile: the still figure stays, the page stays quick, and nothing runs.
func TestExploreOfAnybody(t *testing.T) {
	figures := slices.Concat(figuresOf(t, "im2col", new(any)), figuresOf(t, "convolution", new(any)), figuresOf(t, "network", new(any))[3:], figuresOf(t, "training", new(any)))
	values := regexp.MustCompile(`data-values="([^"]*)"`)
	var hostile []string
	for _, f := range figures {
		packed := values.FindStringSubmatch(f)[1]
		for name, changed := range map[string]string{
			"nothing":   base64.StdEncoding.EncodeToString([]byte("nothing")),
			"cut off":   packed[:len(packed)/2/4*4],
			"odd":       packed[:len(packed)-5],
			"repacked0": deflated(t, inflated(t, packed), map[string]string{`"stride":\d+`: `"stride":0`, `"epochs":\[[^]]*\]`: `"epochs":[1e9]`}),
			"repacked1": deflated(t, inflated(t, packed), map[string]string{`"shape":\[\d+,`: `"shape":[1000000,`, `"classes":\d+`: `"classes":1e7`}),
			"repacked2": deflated(t, inflated(t, packed), map[string]string{`"pad":\d+`: `"pad":1000000`, `"snapshots":\[`: `"snapshots":[-1,`}),
			"repacked3": deflated(t, inflated(t, packed), map[string]string{`"floats":\d+`: `"floats":4000000000`}),
			"repacked4": deflated(t, inflated(t, packed), map[string]string{`"english":"[^"]*"`: `"english":"<img src=x onerror=document.body.remove()>"`, `"floats":\d+`: `"floats":null`}),
			"bomb":      deflated(t, append([]byte{255, 255, 255, 7}, make([]byte, 200<<20)...), nil),
		} {
			if name == "bomb" && len(hostile) > 9 {
				continue
			}
			hostile = append(hostile, strings.Replace(f, packed, changed, 1))
		}
	}
	good := figures[0]
	r := reading(t, append(hostile, good))
	r.wait("the figure that is good is alive", 30*time.Second, fmt.Sprintf(`%s.explore`, host(len(hostile))))
	began := time.Now()
	alive := evaluate[int](&r.page, `[...document.querySelectorAll('.convbook-explore')].filter((e) => e.explore).length`)
	if alive != 1 || time.Since(began) > 5*time.Second {
		t.Errorf("%d of %d figures with damaged content are alive; the page answers after %v", alive-1, len(hostile), time.Since(began))
	}
	if n := evaluate[int](&r.page, `[...document.querySelectorAll('.convbook-explore img')].filter((e) => e.checkVisibility()).length`); n != len(hostile) {
		t.Errorf("%d still figures stand in the place of %d", n, len(hostile))
	}
	if !evaluate[bool](&r.page, `document.body.isConnected && location.protocol === 'file:'`) {
		t.Error("something ran")
	}
}

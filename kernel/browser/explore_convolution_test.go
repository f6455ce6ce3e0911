package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestExploreConvolution holds all that explore.Convolution shows against pkg/layers, and changes values by hand.
func TestExploreConvolution(t *testing.T) {
	var want [][]struct {
		Filter, Stride, Pad int
		OH, OW              int
		DOut                float64
		Output, DX, DW      []float64
		DB                  float64
	}
	figures := figuresOf(t, "convolution", &want)
	r := exploring(t, figures)
	for i := range figures {
		for _, w := range want[i] {
			what := fmt.Sprintf("figure %d, filter %d, stride %d, pad %d, from (%d, %d)", i, w.Filter, w.Stride, w.Pad, w.OH, w.OW)
			got := evaluate[struct {
				Output, Dx, Dw []float64
				Db             float64
			}](&r.page, fmt.Sprintf(`(() => {
				const live = %s, host = %s;
				const turn = (name, v) => { const e = [...live.querySelectorAll('input:not([type=radio])')].find((e) => e.ariaLabel.includes(name)); e.value = v; e.dispatchEvent(new Event('input')) };
				const press = (words) => [...live.querySelectorAll('label')].find((e) => e.textContent.includes(words))?.click();
				turn('stride', %d); turn('pad', %d); press('backward'); press('filter %d'); turn('dout', %v);
				press(%d < 0 ? 'all of this map' : 'one output'); Object.assign(host.explore.values().at, { oh: %[7]d, ow: %[8]d });
				return host.explore.values() })()`, live(i), host(i), w.Stride, w.Pad, w.Filter, w.DOut, w.OH, w.OW))
			near(t, what+", output", got.Output, w.Output)
			near(t, what+", dx", got.Dx, w.DX)
			near(t, what+", dW", got.Dw, w.DW)
			near(t, what+", db", []float64{got.Db}, []float64{w.DB})
			if t.Failed() {
				return
			}
		}
	}

	r.read("explored.html")
	r.alive(len(figures))
	r.point(0, 2, 0, 1)
	r.reads(0, "an output under the mouse", "Output (0, 1)", "2·2 + 3·0 + 0·1 + 1·0 + 2·1 + 3·2 + 0·1 + 1·0 + 2·2 = 16", "16 + b 0 = 16", "필터가 0~2행, 1~3열")
	r.press(0, 2, kb.ArrowDown)
	r.reads(0, "the arrow", "Output (1, 1)", "= 15")
	r.touch(0, 0, 0, 0)
	r.reads(0, "a finger on the image", "Output (0, 0)", "= 15")
	// The value of the filter's corner, picked by Enter, and typed.
	r.press(0, 1, kb.ArrowRight+kb.ArrowRight+kb.Enter)
	typed := func(name, text string) {
		t.Helper()
		e := fmt.Sprintf(`[...%s.querySelectorAll('input[type=number]')].find((e) => e.ariaLabel.includes(%q))`, live(0), name)
		r.do("typing", chromedp.Evaluate[chromedp.Void](e+`.focus()`), chromedp.Evaluate[chromedp.Void](e+`.select()`), chromedp.KeyEvent(text))
	}
	typed("filter 0 (0, 2)", "-4")
	r.reads(0, "another filter", "1·2 + 2·0 + 3·−4", "= 0")
	typed("bias", "0.5")
	r.reads(0, "another bias", "+ b 0.5 = 0.5")
	// Cells picked by a finger and by the mouse; then the image by hand, and back.
	picked := func(what, name string) {
		t.Helper()
		if got := evaluate[string](&r.page, live(0)+`.querySelector('input[type=number]').ariaLabel`); !strings.HasPrefix(got, name) {
			t.Errorf("%s picks %q, want %q", what, got, name)
		}
	}
	r.touch(0, 1, 2, 0)
	picked("a finger", "filter 0 (2, 0)")
	x, y := r.cellOf(0, 0, 1, 3)
	r.do("the mouse", chromedp.MouseClickXY(x, y))
	picked("the mouse", "image (1, 3)")
	r.touch(0, 0, 0, 0)
	picked("a finger on the image", "image (0, 0)")
	typed("image (0, 0)", "10")
	r.reads(0, "another pixel", "Output (0, 0)", "10·2 + 2·0 + 3·−4", "= 18", "+ b 0.5 = 18.5")
	typed("image (0, 0)", "1")
	r.pressed(0, "backward")
	r.reads(0, "backward", "dW receives 1 times the window", "db = 1")
	r.pressed(1, "filter 2")
	r.pressed(1, "backward")
	// Its first window lies over the edge: what is framed in dx is the part that dx has. The grids name filter and channel.
	for i, want := range []string{"image, channel 0 · 이미지, 채널 0", "image, channel 1 · 이미지, 채널 1", "filter 2, channel 0 · 필터 2, 채널 0", "filter 2, channel 1 · 필터 2, 채널 1",
		"output 3x3 · 출력 3x3", "dx, channel 0 · 이미지의 기울기, 채널 0", "dx, channel 1 · 이미지의 기울기, 채널 1", "dW, channel 0 · 필터의 기울기, 채널 0", "dW, channel 1 · 필터의 기울기, 채널 1"} {
		if title := evaluate[string](&r.page, fmt.Sprintf(`%s.querySelectorAll('.grid .title')[%d].innerText`, live(1), i)); title != want {
			t.Errorf("grid %d is called %q, want %q", i, title, want)
		}
	}
	for _, outside := range evaluate[[]string](&r.page, `[...`+live(1)+`.querySelectorAll('.marks rect')].filter((e) => { const [m, s] = [e.getBoundingClientRect(), e.closest('.sheet').getBoundingClientRect()];
		return m.x < s.x - 1 || m.y < s.y - 1 || m.right > s.right + 1 || m.bottom > s.bottom + 1 }).map((e) => e.closest('.grid').innerText)`) {
		t.Errorf("a frame lies outside of %.40s", outside)
	}
	r.legible(len(figures), "convolution_back")
	r.pressed(0, "forward")
	r.pressed(1, "forward")
	r.legible(len(figures), "convolution")
}

package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestExploreIm2col holds all that explore.Im2col shows against pkg/layers, and points with mouse, finger and keys.
func TestExploreIm2col(t *testing.T) {
	var want [][]struct {
		Size, Window, Stride, Pad int
		Out                       []int
		Col, Ones, Sums           []float64
		Six                       [3][]float64
	}
	figures := figuresOf(t, "im2col", &want)
	r := exploring(t, figures)

	type state struct {
		Out            []int
		Col, Sums      []float64
		Six            struct{ Values []float64 }
		Stride, Pad    int
		Filter, Shape_ []int
	}
	for i := range figures {
		for _, w := range want[i] {
			what := fmt.Sprintf("figure %d, size %d, window %d, stride %d, pad %d", i, w.Size, w.Window, w.Stride, w.Pad)
			// All in one script: the sliders' own event is what a hand makes.
			got := evaluate[[]state](&r.page, fmt.Sprintf(`(() => {
				const live = %s, states = [];
				const turn = (name, v) => { const e = [...live.querySelectorAll('input[type=range]')].find((e) => e.ariaLabel.startsWith(name)); e.value = v; e.dispatchEvent(new Event('input')) };
				const press = (words) => [...live.querySelectorAll('label, button')].find((e) => e.textContent.includes(words)).click();
				turn('image', %d); turn('pad', %d); turn('stride', %d); turn('window · ', %d);
				press('six axes'); press('step back'); press('step back');
				for (const what of ['ones', 'rows of im2col', 'ones']) { press(what); states.push(%s.explore.values()); press('next step'); }
				return states })()`, live(i), w.Size, w.Pad, w.Stride, w.Window, host(i)))
			if fmt.Sprint(got[0].Out, got[0].Filter) != fmt.Sprint(w.Out, []int{w.Window, w.Window}) {
				t.Errorf("%s: %v windows of %v", what, got[0].Out, got[0].Filter)
			}
			near(t, what+", matrix", got[0].Col, w.Col)
			near(t, what+", sums of ones", got[0].Sums, w.Ones)
			near(t, what+", sums", got[1].Sums, w.Sums)
			for step := range 3 {
				near(t, fmt.Sprintf("%s, step %d of six axes", what, step), got[step].Six.Values, w.Six[step])
			}
			if t.Failed() {
				return
			}
		}
	}

	r.read("explored.html")
	r.alive(len(figures))
	r.point(0, 0, 2, 3)
	r.reads(0, "a window under the mouse", "Window (1, 2) is row 6", "윈도 (1, 2)이 6번 행", "row 6 = [8 9 10 14 15 16 20 21 22]")
	r.point(0, 1, 9, 4)
	r.reads(0, "a row under the mouse", "Window (2, 1) is row 9", "its value at (1, 1): 20")
	r.press(0, 1, kb.ArrowDown+kb.ArrowLeft)
	r.reads(0, "arrows in the matrix", "Window (2, 2) is row 10", "its value at (1, 0): 20")
	r.touch(0, 0, 4, 1)
	r.reads(0, "a window under a finger", "Window (3, 0) is row 12")
	r.pressed(0, "a pixel and all its windows")
	r.point(0, 0, 1, 1)
	r.reads(0, "a pixel", "Pixel (1, 1) lies in 4 windows: rows 0, 1, 4, 5")
	r.press(0, 0, kb.ArrowRight+kb.ArrowDown)
	r.reads(0, "arrows in the image", "Pixel (2, 2) lies in 9 windows: rows 0, 1, 2, 4, 5, 6, 8, 9, 10", "픽셀 (2, 2)은 윈도 9개")
	r.pressed(0, "col2im")
	r.point(0, 0, 2, 1)
	r.reads(0, "a sum", "1 + 1 + 1 + 1 + 1 + 1 = 6")
	r.pressed(0, "the rows of im2col")
	r.point(0, 0, 0, 1)
	r.reads(0, "another sum", "1 + 1 = 2")
	r.legible(len(figures), "col2im")
	r.pressed(0, "the class's slice")
	r.turn(0, "y in the window", 1)
	r.turn(0, "x in the window", 2)
	r.reads(0, "the slice", "col[:, :, 1, 2, :, :] = img[:, :, 1:5:1, 2:6:1]", "column 5")
	r.turn(0, "window number", 6)
	r.framed(0, 0, "the window of the slice's value", [4]int{1, 2, 3, 3})
	r.framed(0, 1, "its row in the matrix", [4]int{6, 0, 1, 9}, [4]int{0, 5, 16, 1})
	r.pressed(1, "the class's slice")
	r.reads(1, "a slice of stride 2", "one pixel in 2 from there")
	r.legible(len(figures), "slice")
	r.pressed(0, "six axes")
	r.pressed(1, "six axes")
	r.point(0, 1, 4, 5)
	r.reads(0, "six axes", "col[0, 0, 1, 1, 0, 1] → [0, 0, 1, 0, 1, 1] → [1, 4] = 8")
	r.legible(len(figures), "six")
	r.pressed(0, "next step")
	r.press(0, 1, kb.ArrowRight)
	r.reads(0, "the next step", "col[0, 0, 1, 2, 0, 1] → [0, 0, 1, 0, 1, 2] → [1, 5] = 9")
	r.legible(len(figures), "six2")
	r.read("explored.html")
	r.alive(len(figures))
	// A slider by the keyboard.
	r.do("the slider by keys", chromedp.Evaluate[chromedp.Void](live(0)+`.querySelector('input[aria-label^="pad"]').focus()`), chromedp.KeyEvent(kb.ArrowRight))
	if got := evaluate[int](&r.page, host(0)+`.explore.values().pad`); got != 1 {
		t.Errorf("the arrow key sets the pad to %d, want 1", got)
	}
	r.legible(len(figures), "im2col")
}

package browser

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestExploreNetwork holds all that explore.Network computes against pkg/layers with the same rounded weights: the book's two networks, the
// assignment's, one with what else there is, and one with blocks in blocks; and uses its controls.
func TestExploreNetwork(t *testing.T) {
	var want []struct {
		Image            int
		Outputs, Weights [][]float64
		Saliency, Hidden []float64
		Bytes            int
		Exact            []float64
		Steps            float64
	}
	figures := figuresOf(t, "network", &want)
	r := exploring(t, figures)
	type state struct {
		Image, Probabilities, Saliency []float64
		Outputs, Weights               [][]float64
		At                             struct{ Layer, Index, Channel int }
	}
	values := func(i int) state {
		t.Helper()
		return evaluate[state](&r.page, host(i)+`.explore.values()`)
	}
	for i, w := range want {
		what := fmt.Sprintf("network %d", i)
		t.Logf("%s: %d bytes; the scores of the network itself differ by %.4f at most", what, w.Bytes, farthest(w.Exact, w.Outputs[len(w.Outputs)-1]))
		if limit := []int{500_000, 700_000, 500_000, 100_000, 100_000}[i]; w.Bytes > limit {
			t.Errorf("%s has %d bytes, want %d at most", what, w.Bytes, limit)
		}
		if w.Steps > 0.501 || farthest(w.Exact, w.Outputs[len(w.Outputs)-1]) > 0.1 {
			t.Errorf("%s: weights are off by %v steps, scores %v, want %v", what, w.Steps, w.Outputs[len(w.Outputs)-1], w.Exact)
		}
		r.pressedFace(i, w.Image)
		r.do("a class", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{ const e = %s.querySelector('select'); e.value = '3'; e.dispatchEvent(new Event('change')) }`, live(i))))
		got := values(i)
		for k := range w.Outputs {
			near(t, fmt.Sprintf("%s, layer %d", what, k), got.Outputs[k], w.Outputs[k])
			if len(w.Weights[k]) > 0 {
				near(t, fmt.Sprintf("%s, weights of layer %d", what, k), got.Weights[k], w.Weights[k])
			}
		}
		near(t, what+", saliency of class 3", got.Saliency, w.Saliency)
		near(t, what+", probabilities", got.Probabilities, softmax(w.Outputs[len(w.Outputs)-1]))
		// Filter 1 of the first layer is hidden: in its map by the mouse.
		size := evaluate[[]int](&r.page, fmt.Sprintf(`(() => { const c = %s.querySelector('.sheet[tabindex] canvas'); return [c.width, c.height] })()`, live(i)))
		side := int(math.Sqrt(float64(len(w.Outputs[0]) / map[int]int{0: 30, 1: 64, 2: 16, 3: 4, 4: 4}[i])))
		if size[0]%side != 0 {
			t.Fatalf("%s: the maps of %d pixels lie in a drawing of %v", what, side, size)
		}
		r.point(i, 0, 2, side+3)
		r.reads(i, what+", a value", "map 1 at (2, 3): "+shortened(w.Outputs[0][side*side+2*side+3]), "bias")
		r.pressed(i, "hide filter 1 of Conv1")
		near(t, what+", scores without filter 1", values(i).Outputs[len(w.Outputs)-1], w.Hidden)
		r.pressed(i, "show all filters")
		near(t, what+", scores with it again", values(i).Outputs[len(w.Outputs)-1], w.Outputs[len(w.Outputs)-1])
	}

	r.legible(len(figures), "network")
	w := want[0]
	r.point(0, 0, 9, 24+3) // of map 1: the window, its weights and the products stand there as numbers
	image, numbers := values(0).Image, make([][]string, 3)
	for i := range 25 {
		v, weight := image[(9+i/5)*28+3+i%5], w.Weights[0][25+i]
		for k, n := range []float64{v, weight, v * weight} {
			numbers[k] = append(numbers[k], compacted(n))
		}
	}
	if got := evaluate[[][]string](&r.page, `[...`+live(0)+`.querySelectorAll('.detail .grid')].map((g) => [...g.querySelectorAll('.numbers text')].map((e) => e.textContent))`); !reflect.DeepEqual(got, numbers) {
		t.Errorf("a window, its weights and the products are %q, want %q", got, numbers)
	}
	r.point(0, 2, 5, 7) // of the pooled maps
	r.reads(0, "a pooling", "Pool1, map 0 at (5, 7): "+shortened(w.Outputs[2][5*12+7]), "max(", "가장 큰 값")
	best := 10*24 + 14
	for _, i := range []int{best + 1, best + 24, best + 25} {
		if w.Outputs[1][i] > w.Outputs[1][best] {
			best = i
		}
	}
	r.framed(0, 1, "the window of a pooling, and its winner", [4]int{10, 14, 2, 2}, [4]int{best / 24, best % 24, 1, 1})
	r.press(0, 2, kb.ArrowRight)
	r.reads(0, "the arrow", "Pool1, map 0 at (5, 8): "+shortened(w.Outputs[2][5*12+8]))
	r.touch(0, 1, 4, 4)
	r.reads(0, "a finger", "Relu1, map 0 at (4, 4): "+shortened(w.Outputs[1][4*24+4]), "max(0, ")
	r.point(0, 3, 0, 9)
	r.reads(0, "a neuron", "Affine1, neuron 9: "+shortened(w.Outputs[3][9]), "Sum of 4320 products", "Relu makes "+shortened(max(0, w.Outputs[3][9])))
	r.point(2, 2, 3, 20) // the second convolution of DeepConvNet
	r.reads(2, "a value of many channels", "Conv2, map 0 at (3, 20): "+shortened(want[2].Outputs[2][3*28+20]), "of the sum over 16 channels")

	// The blocks: layer 6 is the sum of 5 and, around them, 1; layer 13 joins 9, 10 and 12.
	w = want[4]
	at := 3*14 + 5
	r.point(4, 6, 3, 5)
	r.reads(4, "a sum", "Residual1, map 0 at (3, 5): "+shortened(w.Outputs[6][at]),
		shortened(w.Outputs[5][at])+" from Residual1 Convolution2 and "+shortened(w.Outputs[1][at])+" from Relu1", "around them")
	r.point(4, 13, 3, 4*14+5) // map 4, of the second branch
	r.reads(4, "joined branches", "Branches1, map 4 at (3, 5): "+shortened(w.Outputs[13][4*196+at]), "map 2 at (3, 5) of branch 1", "from Branches1 branch 1 Convolution1", "가지 1의 맵 2")
	r.point(4, 13, 3, 14+5)
	r.reads(4, "joined branches", "map 1 at (3, 5) of branch 0, from Branches1 branch 0 Relu1")
	r.pressed(4, "hide filter 1 of Branches1 branch 0 Convolution1")
	r.reads(4, "a map whose filter is hidden", "Branches1, map 1 at (3, 5): 0")
	r.pressed(4, "show all filters")
	if shown := evaluate[bool](&r.page, `[...`+live(4)+`.querySelectorAll("button")].some((e) => e.textContent.includes("hide filter") && e.checkVisibility())`); !shown {
		t.Error("no filter can be hidden by a map of a branch")
	}

	// A seven is drawn with the mouse and with a finger, in a corner; it comes to the middle.
	for _, finger := range []bool{false, true} {
		r.pressed(0, "clear")
		if got := values(0); slices.Max(got.Image) != 0 {
			t.Error("a clear canvas is not black")
		}
		box := evaluate[[]float64](&r.page, `(() => { const e = `+live(0)+`.querySelector('.drawing'); e.scrollIntoView({block: 'center'}); const p = e.getBoundingClientRect(); return [p.x, p.y] })()`)
		var places [][2]float64
		for _, at := range [][2]float64{{20, 30}, {50, 30}, {80, 30}, {100, 30}, {90, 60}, {80, 90}, {70, 120}} {
			places = append(places, [2]float64{box[0] + at[0], box[1] + at[1]})
		}
		if finger {
			r.finger(places)
		} else {
			r.do("down", chromedp.MouseEvent(chromedp.MousePressed, places[0][0], places[0][1], chromedp.ButtonType("left"), chromedp.ClickCount(1)))
			for _, at := range places[1:] {
				r.do("along", chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1], chromedp.ButtonType("left")))
			}
			at := places[len(places)-1]
			r.do("up", chromedp.MouseEvent(chromedp.MouseReleased, at[0], at[1], chromedp.ButtonType("left"), chromedp.ClickCount(1)))
		}
		r.middle(fmt.Sprintf("a seven, by finger %t", finger), values(0).Image)
	}
	r.pressed(0, "clear")
	r.do("the pen by keys", chromedp.Evaluate[chromedp.Void](live(0)+`.querySelector('.drawing').focus()`), chromedp.KeyEvent(" "+strings.Repeat(kb.ArrowDown, 8)+strings.Repeat(kb.ArrowRight, 3)+" "))
	r.middle("an L by keys", values(0).Image)
	r.shots("network_drawn", 1280, "light")
}

// pressedFace chooses the n-th image of a figure of a network.
func (r *reader) pressedFace(figure, n int) {
	r.t.Helper()
	e := fmt.Sprintf(`%s.querySelectorAll('.choice label')[%d]`, live(figure), n)
	r.do("to the images", chromedp.Evaluate[chromedp.Void](e+`.scrollIntoView({block: 'center'})`))
	r.click("an image", e)
}

// middle holds a drawing to MNIST's rules: its longer side 20 of 28 pixels, its mass in the middle.
func (r *reader) middle(what string, image []float64) {
	r.t.Helper()
	mass, y, x := 0.0, 0.0, 0.0
	top, bottom, left, right := 28, -1, 28, -1
	for i, v := range image {
		mass, y, x = mass+v, y+v*(float64(i/28)+0.5), x+v*(float64(i%28)+0.5)
		if v > 0.05 {
			top, bottom, left, right = min(top, i/28), max(bottom, i/28), min(left, i%28), max(right, i%28)
		}
	}
	longer := max(bottom-top, right-left) + 1
	if mass < 10 || math.Abs(y/mass-14) > 0.51 || math.Abs(x/mass-14) > 0.51 || longer < 19 || longer > 20 {
		r.t.Errorf("%s: %d pixels long, with its middle at (%.2f, %.2f), mass %.1f", what, longer, y/mass, x/mass, mass)
	}
}

// shortened is a number as figures write it, in 6 digits.
func shortened(v float64) string {
	if v != 0 && math.Abs(v) < 1e-4 {
		return ""
	}
	text := fmt.Sprintf("%.6g", v)
	return strings.ReplaceAll(text, "-", "−")
}

// compacted is a number as a cell has it.
func compacted(v float64) string {
	digits := 2
	if math.Abs(v) >= 10 {
		digits = 1
	}
	text := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', digits, 64), "0"), ".")
	if text == "-0" || text == "" {
		text = "0"
	}
	return strings.ReplaceAll(text, "-", "−")
}

func farthest(a, b []float64) (far float64) {
	for i := range a {
		far = max(far, math.Abs(a[i]-b[i]))
	}
	return far
}

func softmax(scores []float64) []float64 {
	p, sum := make([]float64, len(scores)), 0.0
	for i, v := range scores {
		p[i] = math.Exp(v - slices.Max(scores))
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

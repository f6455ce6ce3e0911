package browser

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// walk presses keys in the n-th plain figure until it has been everywhere, and returns what is said at each place: areas,
// rows, texts. With places it points there with the mouse, too, and tells where something else is said.
const walk = `async (n, sides) => {
  const img = document.querySelectorAll("img.convbook-figure")[n];
  img.scrollIntoView({ block: "center" });
  const settled = async () => { for (let i = 0; i < 9; i++) await null; };
  const said = () => document.querySelector(".convbook-value").textContent;
  const place = () => { const b = document.querySelector(".convbook-mark").getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; };
  const flaws = [];
  const box = img.getBoundingClientRect();
  const look = async () => {
    const [words, [x, y]] = [said(), place()];
    if (x < box.x || y < box.y || x > box.right || y > box.bottom) flaws.push(words + ": the mark is outside of the figure");
    return [words, x, y];
  };
  const press = async (key) => { img.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true })); await settled(); };
  img.focus();
  await press("ArrowLeft");
  for (let i = 0; i < 500 && !document.querySelector(".convbook-value")?.textContent; i++) await new Promise((f) => setTimeout(f, 10));
  const areas = [];
  const all = [];
  for (const [a, area] of sides.entries()) {
    if (a) await press("PageDown");
    areas.push([]);
    for (const [r, row] of area.entries()) {
      if (r) await press("ArrowDown");
      await press("Home");
      areas.at(-1).push([]);
      for (let c = 0; c < row; c++) {
        if (c) await press("ArrowRight");
        const here = await look();
        all.push(here);
        areas.at(-1).at(-1).push(here[0]);
      }
    }
  }
  for (let i = 0; i < all.length; i += Math.ceil(all.length / 300)) {
    const [words, x, y] = all[i];
    img.dispatchEvent(new PointerEvent("pointermove", { clientX: x, clientY: y, pointerType: "mouse" }));
    await settled();
    const twin = all.some((o) => o[0] === said() && Math.hypot(o[1] - x, o[2] - y) < 1); // of points in one place the first is told
    if (said() !== words && !twin) flaws.push("pointing at " + words + " it says " + said());
  }
  img.blur();
  document.querySelector(".convbook-value").textContent = "";
  return { areas, flaws };
}`

// passedOver moves the mouse over the first plain figure, which nobody has pointed at yet, and off it at once, and says whether a value
// is shown then.
const passedOver = `(async () => {
  const img = document.querySelector("img.convbook-figure");
  const box = img.getBoundingClientRect();
  const at = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, pointerType: "mouse" };
  for (const type of ["pointermove", "pointerleave"]) img.dispatchEvent(new PointerEvent(type, at));
  await new Promise((f) => setTimeout(f, 300));
  return document.querySelector(".convbook-value")?.style.opacity === "1";
})()`

// told is what a figure tells on such a walk.
type told struct {
	Areas [][][]string
	Flaws []string
}

// sidesOf is how many values each row of the areas has, for walk.
func sidesOf(t *testing.T, areas [][][]string) []byte {
	t.Helper()
	sides := make([][]int, len(areas))
	for a, area := range areas {
		for _, row := range area {
			sides[a] = append(sides[a], len(row))
		}
	}
	text, err := json.Marshal(sides)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (got told) hold(t *testing.T, what string, want [][][]string) {
	t.Helper()
	for a := range want {
		for k := range want[a] {
			if !slices.Equal(got.Areas[a][k], want[a][k]) {
				t.Errorf("%s, area %d, row %d tells\n%q, want\n%q", what, a, k, got.Areas[a][k], want[a][k])
				break
			}
		}
	}
	for _, flaw := range got.Flaws[:min(len(got.Flaws), 5)] {
		t.Errorf("%s: %s", what, flaw)
	}
}

// TestFigureValues holds every number that a plain figure of each kind tells against Go's, on a large screen and a phone's, by
// keyboard; and points at them with the mouse and a finger.
func TestFigureValues(t *testing.T) {
	var want [][][][]string
	figures := figuresOf(t, "plain", &want)
	r := reading(t, figures)
	r.wait("the first picture", 10*time.Second, `document.querySelector("img.convbook-figure").complete`)
	shown, err := chromedp.Run(r.ctx, chromedp.Evaluate[bool](passedOver, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	if shown {
		t.Error("a value is shown in a figure that the mouse has left while it was read")
	}
	for _, width := range []int64{1280, 390} {
		r.on(width, map[int64]string{1280: "light", 390: "dark"}[width])
		r.wait("the pictures", 10*time.Second, `[...document.querySelectorAll("img.convbook-figure")].every((e) => e.complete && e.tabIndex === 0)`)
		for i, areas := range want {
			got, err := chromedp.Run(r.ctx, chromedp.Evaluate[told](fmt.Sprintf("(%s)(%d, %s)", walk, i, sidesOf(t, areas)), chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatalf("%d px, figure %d: %v", width, i, err)
			}
			got.hold(t, fmt.Sprintf("%d px, figure %d", width, i), areas)
		}
	}
	img := func(n int) string { return fmt.Sprintf(`document.querySelectorAll("img.convbook-figure")[%d]`, n) }
	at := func(n int, across, down float64) (x, y float64) {
		box := evaluate[[]float64](&r.page, fmt.Sprintf(`(() => { const e = %s; e.scrollIntoView({block: "center"}); const b = e.getBoundingClientRect(); return [b.x, b.y, b.width, b.height] })()`, img(n)))
		return box[0] + across*box[2], box[1] + down*box[3]
	}
	const value, opacity = `document.querySelector(".convbook-value").innerText`, `document.querySelector(".convbook-value").style.opacity`
	for _, width := range []int64{1280, 390} {
		r.on(width, "dark")
		x, y := at(0, 0.5, 0.5)
		r.do("the mouse", chromedp.MouseEvent(chromedp.MouseMoved, x, y), chromedp.Sleep(100*time.Millisecond))
		if said := evaluate[string](&r.page, value); !strings.Contains(said, "epochs · 에폭 ") {
			t.Errorf("%d px: the mouse reads %q", width, said)
		}
		r.shots("figure_value", width, "dark")
		r.do("away", chromedp.MouseEvent(chromedp.MouseMoved, 1, 1), chromedp.Sleep(50*time.Millisecond))
		if seen := evaluate[string](&r.page, opacity); seen != "0" {
			t.Errorf("%d px: the value stays when the mouse is away", width)
		}
		x, y = at(2, 0.6, 0.4)
		r.finger([][2]float64{{x, y}})
		r.do("a moment", chromedp.Sleep(100*time.Millisecond))
		if said := evaluate[string](&r.page, value+" + "+opacity); !strings.Contains(said, "true class") || !strings.HasSuffix(said, "1") {
			t.Errorf("%d px: the finger reads %q", width, said)
		}
	}
	r.do("to the top", chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
	r.choose("ko")
	r.do("keys", chromedp.Evaluate[chromedp.Void](img(0)+".focus()"), chromedp.KeyEvent(kb.Home), chromedp.Sleep(50*time.Millisecond))
	if said := evaluate[string](&r.page, value); said != "훈련: 에폭 1, 정확도 0.1" {
		t.Errorf("in Korean it reads %q", said)
	}
	if role := evaluate[string](&r.page, `document.querySelector(".convbook-value").getAttribute("role")`); role != "status" {
		t.Errorf("the value is no status: %q", role)
	}
}

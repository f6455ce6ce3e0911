package browser

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// explored are the figures that answer the pointer, made once, and what Go computes of their numbers.
var explored = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp(made, "explored")
	if err != nil {
		return "", err
	}
	files, err := filepath.Glob("testdata/explored/*.go")
	if err != nil {
		return "", err
	}
	run := exec.Command("go", "run") // as files, which belong to the module that it is run in
	for _, file := range files {
		run.Args = append(run.Args, filepath.Join("kernel", "browser", file))
	}
	run.Args = append(run.Args, folder)
	run.Dir = filepath.Join("..", "..")
	if out, err := run.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return folder, nil
})

// figuresOf returns the HTML of the figures of a kind, and reads what they must show.
func figuresOf(t *testing.T, kind string, want any) []string {
	t.Helper()
	chromium(t)
	folder, err := explored()
	if err != nil {
		t.Fatal(err)
	}
	var figures []string
	for file, to := range map[string]any{kind + ".figures.json": &figures, kind + ".want.json": want} {
		text, err := os.ReadFile(filepath.Join(folder, file))
		if err == nil {
			err = json.Unmarshal(text, to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return figures
}

// exploring reads the page that the kernel makes of a notebook with some figures, and waits until they answer.
func exploring(t *testing.T, figures []string) *reader {
	t.Helper()
	r := reading(t, figures)
	r.alive(len(figures))
	return r
}

func reading(t *testing.T, figures []string) *reader {
	t.Helper()
	folder := pageOf(t, figures)
	r := openReader(t, folder)
	r.on(1280, "light")
	r.read("explored.html")
	return r
}

// pageOf makes the page of a notebook with some figures, explored.html in a folder.
func pageOf(t *testing.T, figures []string) (folder string) {
	t.Helper()
	cells := []any{map[string]any{"cell_type": "markdown", "metadata": map[string]any{}, "source": "# Figures · 그림\n\nfirst\n\n처음"}}
	for _, html := range figures {
		cells = append(cells, map[string]any{"cell_type": "code", "metadata": map[string]any{"tags": []string{"skip-execution"}}, "execution_count": 1, "source": "x",
			"outputs": []any{map[string]any{"output_type": "display_data", "metadata": map[string]any{}, "data": map[string]any{"text/html": html, "text/plain": "[figure]"}}}})
	}
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 4, "metadata": map[string]any{}, "cells": cells})
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	file := filepath.Join(folder, "explored.ipynb")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command("go", "run", "./kernel", "run", file, "--quiet", "--out", folder)
	run.Dir = filepath.Join("..", "..")
	if out, err := run.CombinedOutput(); err != nil {
		t.Skipf("no page could be made on this machine: %v: %s", err, out)
	}
	return folder
}

// inflated is what a figure carries, and deflated the text of it with changes in its first part.
func inflated(t *testing.T, packed string) []byte {
	t.Helper()
	text, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(flate.NewReader(bytes.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func deflated(t *testing.T, all []byte, changes map[string]string) string {
	t.Helper()
	if changes != nil {
		length := binary.LittleEndian.Uint32(all)
		head := string(all[4 : 4+length])
		for pattern, to := range changes {
			head = regexp.MustCompile(pattern).ReplaceAllLiteralString(head, to)
		}
		all = append(append(binary.LittleEndian.AppendUint32(nil, uint32(len(head))), head...), all[4+length:]...)
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(all)
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// host is the n-th figure of the page, in JavaScript, and live what is drawn in it.
func host(n int) string { return fmt.Sprintf(`document.querySelectorAll('.convbook-explore')[%d]`, n) }
func live(n int) string { return host(n) + `.shadowRoot.querySelector('.live')` }

// alive waits until all figures of the page answer.
func (r *reader) alive(figures int) {
	r.t.Helper()
	r.wait("the figures are alive", 20*time.Second, fmt.Sprintf(
		`[...document.querySelectorAll('.convbook-explore')].filter((e) => e.explore && e.shadowRoot?.querySelector('.live')?.isConnected).length === %d`, figures))
}

// turn sets a slider of a figure, by its English name.
func (r *reader) turn(figure int, name string, value float64) {
	r.t.Helper()
	r.do("the slider "+name, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`{ const e = [...%s.querySelectorAll('input[type=range]')].find((e) => e.ariaLabel.startsWith(%q)); e.value = %v; e.dispatchEvent(new Event('input')) }`, live(figure), name, value)))
}

// pressed clicks on a control with the words, as a mouse does.
func (r *reader) pressed(figure int, words string) {
	r.t.Helper()
	e := fmt.Sprintf(`[...%s.querySelectorAll('label, button')].find((e) => e.textContent.includes(%q) && e.checkVisibility())`, live(figure), words)
	r.do("going to "+words, chromedp.Evaluate[chromedp.Void](e+`.scrollIntoView({block: 'center'})`))
	r.click(words, e)
}

// cellOf is the middle of a cell of a grid, in the window, and the size of the grid in cells.
func (r *reader) cellOf(figure, grid, row, column int) (x, y float64) {
	r.t.Helper()
	at := evaluate[[]float64](&r.page, fmt.Sprintf(`(() => { const c = [...%s.querySelectorAll('.sheet[tabindex]')].filter((e) => e.checkVisibility())[%d].querySelector('canvas');
		c.scrollIntoView({block: 'center'}); const p = c.getBoundingClientRect(); return [p.x + (%d + 0.5) * p.width / c.width, p.y + (%d + 0.5) * p.height / c.height] })()`, live(figure), grid, column, row))
	return at[0], at[1]
}

// point moves the mouse to a cell of a grid.
func (r *reader) point(figure, grid, row, column int) {
	r.t.Helper()
	x, y := r.cellOf(figure, grid, row, column)
	r.do("pointing", chromedp.MouseEvent(chromedp.MouseMoved, x, y))
}

// touch taps with a finger on a cell of a grid.
func (r *reader) touch(figure, grid, row, column int) {
	r.t.Helper()
	x, y := r.cellOf(figure, grid, row, column)
	r.finger([][2]float64{{x, y}})
}

// finger goes along some places.
func (r *reader) finger(places [][2]float64) {
	r.t.Helper()
	r.do("touching", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		kind := input.DispatchTouchEventTypeTouchStart
		for _, at := range places {
			if _, err := cdp.Call(ctx, target, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{{X: at[0], Y: at[1]}}}); err != nil {
				return err
			}
			kind = input.DispatchTouchEventTypeTouchMove
		}
		_, err := cdp.Call(ctx, target, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}})
		return err
	}))
}

// press gives a grid the focus and presses keys there.
func (r *reader) press(figure, grid int, keys string) {
	r.t.Helper()
	r.do("keys", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`[...%s.querySelectorAll('.sheet[tabindex]')].filter((e) => e.checkVisibility())[%d].focus()`, live(figure), grid)),
		chromedp.KeyEvent(keys))
}

// reading is what a figure says about the place of the pointer.
func (r *reader) reading(figure int) string {
	r.t.Helper()
	return evaluate[string](&r.page, live(figure)+`.querySelector('.reading').innerText`)
}

// says holds what a figure says against words.
func (r *reader) reads(figure int, what string, words ...string) {
	r.t.Helper()
	said := r.reading(figure)
	for _, word := range words {
		if !strings.Contains(said, word) {
			r.t.Errorf("%s: it says\n%s\nand not %q", what, said, word)
		}
	}
}

// framed holds the frames of a grid, each as the row, the column, the height and the width in cells of its place: want must be among them.
func (r *reader) framed(figure, grid int, what string, want ...[4]int) {
	r.t.Helper()
	got := evaluate[[][4]int](&r.page, fmt.Sprintf(`(() => { const s = [...%s.querySelectorAll('.sheet[tabindex]')].filter((e) => e.checkVisibility())[%d], c = s.querySelector('canvas'), box = s.querySelector('svg').viewBox.baseVal;
		return [...s.querySelectorAll('.marks rect:not(.halo, .edge)')].map((e) => [['y', 'height'], ['x', 'width'], ['height', 'height'], ['width', 'width']].map(([n, side]) =>
			Math.round(e.getAttribute(n) * (side === 'height' ? c.height : c.width) / box[side]))) })()`, live(figure), grid))
	for _, frame := range want {
		if !slices.Contains(got, frame) {
			r.t.Errorf("%s: no frame at %v, only %v", what, frame, got)
		}
	}
}

// legible holds what is shown to a phone's and a large screen's rules, in each language and theme.
func (r *reader) legible(figures int, name string) {
	r.t.Helper()
	for _, width := range []int64{390, 1280} {
		for _, theme := range []string{"light", "dark"} {
			r.on(width, theme)
			r.do("to the top", chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
			for _, language := range []string{"en", "ko", "both"} {
				r.choose(language)
				for i := range figures {
					for _, flaw := range evaluate[[]string](&r.page, fmt.Sprintf(`(%s)(%s, %q)`, flaws, live(i), language)) {
						r.t.Errorf("%s %d, %d px, %s, %s: %s", name, i, width, theme, language, flaw)
					}
				}
			}
			r.shots(name, width, theme)
		}
	}
	r.on(1280, "light")
	r.choose("both")
}

// flaws finds small letters and targets, controls without a name, and what is wider than the page.
const flaws = `(live, language) => {
  const flaws = [];
  const seen = (e) => e.checkVisibility();
  if (document.documentElement.scrollWidth > innerWidth) flaws.push("the page is " + document.documentElement.scrollWidth + " px wide");
  const box = live.getBoundingClientRect();
  for (const e of live.querySelectorAll("button, select, input, .choice label, [tabindex]")) {
    if (!seen(e)) continue;
    const name = e.ariaLabel || e.labels?.[0]?.innerText || e.innerText;
    if (!name?.trim() && !e.matches("label")) flaws.push("no name: " + e.outerHTML.slice(0, 80));
    const r = e.getBoundingClientRect();
    if (!e.matches(".sheet") && Math.min(r.width, r.height) < 43.9) flaws.push(e.tagName + " " + name + " is " + r.width + " x " + r.height);
    if (r.right > box.right + 1 && !e.closest(".scroll")) flaws.push(name + " stands out");
  }
  for (const e of live.querySelectorAll("*")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !seen(e)) continue;
    const m = e.getScreenCTM?.(), size = parseFloat(getComputedStyle(e).fontSize) * (m ? Math.abs(m.a) : 1);
    if (size < 10.95) flaws.push("letters of " + size + " px: " + e.textContent);
    if (!m && getComputedStyle(e).wordBreak !== "keep-all") flaws.push("words of Korean are broken: " + e.textContent);
    if (language === "en" && /\p{sc=Hangul}/u.test(e.textContent) && !e.matches("h3, h3 *")) flaws.push("Korean is seen: " + e.textContent);
    if (language === "ko" && e.lang === "en") flaws.push("English is seen: " + e.textContent);
  }
  return flaws.slice(0, 8);
}`

// near holds numbers that a figure has against Go's.
func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d numbers, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= 1e-5*max(1, math.Abs(want[i]))) {
			t.Errorf("%s: number %d is %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}

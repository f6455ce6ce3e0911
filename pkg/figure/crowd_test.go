package figure_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"convbook/pkg/figure"
)

// A million points make a picture of the size of a picture, and none of its peaks is lost.
func TestCrowdedCurves(t *testing.T) {
	const count = 1_000_000
	ys, low, high := make([]float64, count), make([]float64, count), make([]float64, count)
	wander := make([]float64, count)
	for i := range ys {
		ys[i] = math.Sin(float64(i)/1000) + math.Mod(float64(i)*0.618, 1)
		low[i], high[i] = ys[i]-1, ys[i]+1
		wander[i] = math.Mod(float64(i)*0.7548, 1)
	}
	ys[777_777] = 9 // the only one above 3
	for name, f := range map[string]*figure.Figure{
		"line":      figure.Curves([]figure.Series{{Name: "a", Y: ys}}),
		"band":      figure.Curves([]figure.Series{{Name: "a", Y: ys, Low: low, High: high}}),
		"markers":   figure.Curves([]figure.Series{{Name: "a", Y: ys[:100_000], Points: true}}),
		"wandering": figure.Curves([]figure.Series{{Name: "a", X: wander, Y: ys}}),
		"accuracy":  figure.Accuracy(recorded{ys, low}),
		"logarithm": figure.Curves([]figure.Series{{Name: "a", Y: high}}, figure.LogX(), figure.LogY()),
		"loss":      figure.Loss(ys),
	} {
		svg, err := f.SVG()
		if err != nil || len(svg) > 3<<20 {
			t.Errorf("%s: an SVG of %d bytes, %v", name, len(svg), err)
		}
	}
	// On an axis from -2 to 9 the peak reaches the upper edge.
	svg, _ := figure.Curves([]figure.Series{{Name: "a", Y: ys}}, figure.YRange(-2, 9)).SVG()
	flat := append([]float64(nil), ys...)
	flat[777_777] = 0
	without, _ := figure.Curves([]figure.Series{{Name: "a", Y: flat}}, figure.YRange(-2, 9)).SVG()
	if bytes.Equal(svg, without) {
		t.Error("a single high point among a million is not drawn")
	}
}

// Controls, marks of direction and bytes that are no text change no figure.
func TestTextsWithoutShape(t *testing.T) {
	for _, odd := range []string{"\x00", "\x1b[31m", "\u202e", "\u2066", "\u200f", "\u0085", "\ufeff", "\xff", "\u2028"} {
		svg, err := figure.Loss([]float64{1, 2}, figure.Title("be"+odd+"fore"), figure.Note("no"+odd+"te"), figure.XLabel("st"+odd+"ep")).SVG()
		if err != nil {
			t.Fatal(err)
		}
		if rest := strings.TrimPrefix(odd, "\x1b"); odd != "\x1b[31m" && strings.Contains(string(svg), rest) || strings.ContainsAny(string(svg), "\x00\x1b\ufffd") {
			t.Errorf("%q stands in the SVG", odd)
		}
	}
	if title := figure.Loss([]float64{1}, figure.Title("a\x1b]0;b\a\u202ec")).Title(); title != "a]0;bc" {
		t.Errorf("the title is %q", title)
	}
}

// Each list of accuracies is brought to the unit of the axis, also when training and test
// are not in the same.
func TestUnitsWithinARun(t *testing.T) {
	mixed, _ := figure.Accuracy(recorded{[]float64{.1, .5, .9}, []float64{9, 48, 91}}).SVG()
	if !strings.Contains(string(mixed), "test (from percent)") || strings.Contains(string(mixed), "train (from percent)") {
		t.Error("the test accuracies are not brought to shares of 1")
	}
	if !strings.Contains(string(mixed), ">1.0</text>") || strings.Contains(string(mixed), ">100</text>") {
		t.Error("the axis does not reach from 0 to 1")
	}
}

// The letters have counts in their cells, and up to 64 classes all have their names.
func TestMatricesOfManyClasses(t *testing.T) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz"
	for _, n := range []int{26, 47, 62} {
		counts, names := make([][]int, n), make([]string, n)
		for i := range counts {
			counts[i], names[i] = make([]int, n), letters[i:i+1]
			counts[i][i] = 777
		}
		f := figure.ConfusionMatrix(counts, names)
		svg, err := f.SVG()
		if err != nil {
			t.Fatal(err)
		}
		for i := range names {
			if strings.Count(string(svg), ">"+names[i]+"</text>") < 2 {
				t.Errorf("%d classes: %s is named %d times, want as a row and as a column", n, names[i], strings.Count(string(svg), ">"+names[i]+"</text>"))
			}
		}
		if has := strings.Contains(string(svg), ">777</text>"); has != (n == 26) {
			t.Errorf("%d classes: counts in the cells: %v", n, has)
		}
		if width, _ := f.Size(); width > 1000 {
			t.Errorf("%d classes: %g px wide", n, width)
		}
	}
}

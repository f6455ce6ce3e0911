package figure_test

import (
	"regexp"
	"strings"
	"testing"

	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

// A description says what is shown, on which axes, and how far they reach.
func TestDescriptions(t *testing.T) {
	for want, f := range map[string]*figure.Figure{
		"A run. Curves: epochs from 1 to 3, accuracy from 0 to 1. train (from 0.1 to 0.9), test (from 0.2 to 0.7).": figure.Accuracy(
			recorded{[]float64{.1, .5, .9}, []float64{.2, .4, .7}}, figure.Title("A run")),
		"6 images of 28x28 pixels in rows of 3: Coat, Bag.":   figure.ImageGrid(ndarray.Zeros[float64](6, 28, 28), 3, []string{"Coat", "Bag"}),
		"One image of 5x4 pixels.":                            figure.ImageGrid(ndarray.Zeros[float64](4, 5), 1, nil),
		"2 of true class (a, b) by 2 of taken for (a, b).":    figure.ConfusionMatrix([][]int{{1, 0}, {0, 1}}, []string{"a", "b"}),
		"The shades reach from 1 to 4.":                       figure.HeatMap(ndarray.FromSlice([]float64{1, 2, 3, 4}).Reshape(2, 2), nil, nil),
		"Histograms: Relu1 (mean 0.5, std 0.5, from 0 to 1).": figure.Histograms([]string{"Relu1"}, []*ndarray.Array[float64]{ndarray.FromSlice([]float64{0, 1})}),
		"the matrix of shape (9, 4)":                          figure.Windows(ndarray.Zeros[float64](4, 4), 2, 2, 1, 0),
		"An image of shape (1, 4, 4), pad 1, with windows":    figure.Windows(ndarray.Zeros[float64](4, 4), 2, 2, 1, 1),
		"형상 (1, 4, 4), 패딩 1의 이미지":                             figure.Windows(ndarray.Zeros[float64](4, 4), 2, 2, 1, 1),
	} {
		if got := f.Description(); !strings.Contains(got, want) {
			t.Errorf("it says %q, want %q in it", got, want)
		}
	}
}

// In a dark page the text on the card is light, and that on light cells stays dark.
func TestDarkColours(t *testing.T) {
	svg, err := figure.ConfusionMatrix([][]int{{9, 1}, {0, 9}}, []string{"a", "b"}, figure.Title("dark")).SVG()
	if err != nil {
		t.Fatal(err)
	}
	changed := map[string]bool{}
	for _, rule := range regexp.MustCompile(`\[(?:fill|stroke)="(#[0-9a-f]{6})"\]`).FindAllSubmatch(svg, -1) {
		changed[string(rule[1])] = true
	}
	for text, want := range map[string]bool{"dark": true, "a": true, "1": false, "0": false} {
		found := regexp.MustCompile(`fill="(#[0-9a-f]{6})">` + text + `</text>`).FindSubmatch(svg)
		if found == nil || changed[string(found[1])] != want {
			t.Errorf("%q has the colour %q, changed in dark pages: %v", text, found, !want)
		}
	}
}

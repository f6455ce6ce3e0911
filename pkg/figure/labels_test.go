package figure_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/figure"
)

var textElement = regexp.MustCompile(`<text [^>]*>([^<]*)</text>`)

// texts returns what an SVG says, in its order.
func texts(t *testing.T, f *figure.Figure) (all []string) {
	t.Helper()
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range textElement.FindAllStringSubmatch(string(svg), -1) {
		all = append(all, found[1])
	}
	return all
}

// Each tick has a label of its own, however near to each other the values are.
func TestTickLabelsDiffer(t *testing.T) {
	for _, ys := range [][]float64{{2.30258, 2.302581, 2.302582}, {2.302585092994, 2.302585092995}, {1e6, 1e6 + 1, 1e6 + 2}, {123456789, 123456790}, {1e15, 1e15 + 4}, {1e-9, 2e-9},
		{1 << 53, 1<<53 + 2}, {0.1, 0.1 + 1e-16}, {-5e-7, 5e-7}, {99999.5, 100000.5}, {1e300, 1.0000001e300 / 1.1}, {3e-320, 4e-320}, {1e20, 1e20}, {7, 7}} {
		labels := texts(t, figure.Curves([]figure.Series{{Y: ys}}, figure.Size(600, 400)))
		slices.Sort(labels)
		xs := []string{"1", "2", "3"}
		for i := 1; i < len(labels); i++ {
			if labels[i] == labels[i-1] && !slices.Contains(xs, labels[i]) {
				t.Errorf("the values %v have two ticks %q: %q", ys, labels[i], labels)
			}
		}
		if len(labels) < 3 {
			t.Errorf("the values %v have only the ticks %q", ys, labels)
		}
	}
}

var labelPlace = regexp.MustCompile(`<text x="([-0-9.]+)" y="([-0-9.]+)" textLength="([-0-9.]+)"[^>]*>([^<]*)</text>`)

// No label of a tick lies over another, in small figures and with long numbers.
func TestTickLabelsHaveRoom(t *testing.T) {
	for _, size := range []float64{60, 100, 150, 220, 400, 600} {
		for _, values := range [][]float64{{1, 2}, {2.30258, 2.302581, 2.302582}, {123456789, 123456790}, {-5e-7, 5e-7}} {
			svg, err := figure.Curves([]figure.Series{{X: values, Y: values}}, figure.Size(size, size)).SVG()
			if err != nil {
				t.Fatal(err)
			}
			var boxes [][4]float64
			for _, m := range labelPlace.FindAllStringSubmatch(string(svg), -1) {
				var x, y, w float64
				fmt.Sscan(m[1]+" "+m[2]+" "+m[3], &x, &y, &w)
				for _, b := range boxes {
					if x < b[0]+b[2] && b[0] < x+w && y-8 < b[1] && b[1]-8 < y {
						t.Errorf("size %g, values %v: %q lies over another label", size, values, m[4])
					}
				}
				boxes = append(boxes, [4]float64{x, y, w})
			}
			if size >= 220 && len(boxes) < 4 {
				t.Errorf("size %g, values %v: only %d labels", size, values, len(boxes))
			}
		}
	}
}

// A legend of many names fits into the figure and says what it leaves out.
func TestLongLegend(t *testing.T) {
	var series []figure.Series
	for i := range 100 {
		series = append(series, figure.Series{Name: fmt.Sprint("curve ", i), Y: []float64{float64(i), 1}})
	}
	all := texts(t, figure.Curves(series))
	shown := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return !strings.HasPrefix(s, "curve ") })
	if want := fmt.Sprintf("and %d more · 외 %[1]d개", 100-len(shown)); len(shown) < 10 || !slices.Contains(all, want) {
		t.Errorf("%d names, and not %q: %q", len(shown), want, all)
	}
	if few := texts(t, figure.Curves(series[:8])); slices.ContainsFunc(few, func(s string) bool { return strings.HasPrefix(s, "and ") }) {
		t.Errorf("8 names are cut: %q", few)
	}
}

// A curve that has the colour of another has other dashes.
func TestColoursThatComeAgain(t *testing.T) {
	var series []figure.Series
	for i := range 28 {
		series = append(series, figure.Series{Y: []float64{float64(i), 1}})
	}
	svg, err := figure.Curves(series, figure.Legend(figure.NoLegend)).SVG()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, path := range regexp.MustCompile(`<path fill="none" stroke="(#[0-9a-f]+)" stroke-width="1.8"( stroke-dasharray="[0-9 .]*")?`).FindAllString(string(svg), -1) {
		if seen[path] {
			t.Errorf("two curves are %s", path)
		}
		seen[path] = true
	}
	if len(seen) != 28 {
		t.Errorf("%d curves of 28", len(seen))
	}
}

// Long names of axes are broken, and cut where even two lines are not enough.
func TestLongAxisLabels(t *testing.T) {
	all := texts(t, figure.Curves([]figure.Series{{Y: []float64{1, 2}}}, figure.XLabel(strings.Repeat("epochs ", 100)), figure.YLabel(strings.Repeat("accuracy ", 100))))
	for _, word := range []string{"epochs", "accuracy"} {
		lines := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return !strings.HasPrefix(s, word) })
		if len(lines) != 2 || !strings.HasSuffix(lines[1], "…") {
			t.Errorf("the label of %q became %q", word, lines)
		}
	}
}

// Accuracies in percent are drawn as what they are, alone and beside others.
func TestPercent(t *testing.T) {
	fractions, percent := recorded{[]float64{.1, .8, .9}, []float64{.2, .7, .8}}, recorded{[]float64{10, 80, 90}, []float64{20, 70, 80}}
	if all := texts(t, figure.Accuracy(percent)); !slices.Contains(all, "100") || !slices.Contains(all, "accuracy in percent · 정확도(%)") || slices.Contains(all, "1.0") {
		t.Errorf("percent alone: %q", all)
	}
	for _, all := range [][]string{
		texts(t, figure.Accuracy(fractions, figure.Recorded("Run A", percent.train, percent.test))),
		texts(t, figure.Compare([]figure.Run{{Name: "ours", History: fractions}, {Name: "Run A", History: percent}})),
	} {
		if !slices.Contains(all, "1.0") || slices.Contains(all, "100") || !slices.Contains(all, "Run A: train (from percent)") {
			t.Errorf("percent beside fractions: %q", all)
		}
	}
	if all := texts(t, figure.Accuracy(fractions)); !slices.Contains(all, "1.0") || !slices.Contains(all, "accuracy · 정확도") {
		t.Errorf("fractions: %q", all)
	}
	if all := texts(t, figure.Accuracy(recorded{[]float64{150, 90}, nil})); !slices.Contains(all, "150") {
		t.Errorf("beyond 100: %q", all)
	}
}

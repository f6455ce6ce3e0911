package figure_test

import (
	"regexp"
	"slices"
	"testing"

	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

var lineColor = regexp.MustCompile(`<path fill="none" stroke="(#[0-9a-f]+)" stroke-width="1.8"`)

// colorsOf returns the colours of the curves, in their order.
func colorsOf(t *testing.T, names []string, opts ...figure.Option) (all []string) {
	t.Helper()
	var series []figure.Series
	for i, name := range names {
		series = append(series, figure.Series{Name: name, Y: []float64{float64(i), float64(i) + 1}})
	}
	svg := svgOf(t, figure.Curves(series, append(opts, figure.Legend(figure.NoLegend))...))
	for _, found := range lineColor.FindAllStringSubmatch(svg, -1) {
		all = append(all, found[1])
	}
	return all
}

// One thing has one colour in all figures.
func TestColorsOfNames(t *testing.T) {
	const blue, red, green, purple = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
	kinds := figure.Colors("shift · 이동", "rotation · 회전", "noise · 잡음")
	for _, c := range []struct {
		names []string
		opts  []figure.Option
		want  []string
	}{
		{[]string{"a", "b", "c"}, nil, []string{blue, red, green}},
		{[]string{"test images · 시험 이미지", "training images"}, nil, []string{red, blue}},
		{[]string{"a", "test", "b"}, nil, []string{blue, red, green}},
		{[]string{"noise · 잡음", "shift · 이동"}, []figure.Option{kinds}, []string{green, blue}},
		{[]string{"none", "rotation"}, []figure.Option{kinds}, []string{purple, red}},
	} {
		if got := colorsOf(t, c.names, c.opts...); !slices.Equal(got, c.want) {
			t.Errorf("%q have the colours %q; want %q", c.names, got, c.want)
		}
	}
}

// A logarithmic axis has ticks where the points are, when they are few and round.
func TestTicksAtPoints(t *testing.T) {
	for _, c := range []struct {
		xs   []float64
		want []string
		not  string
	}{
		{[]float64{1000, 4000, 40000}, []string{"1,000", "4,000", "40,000"}, "10,000"},
		{[]float64{0.02, 1.5, 300}, []string{"0.02", "1.5", "300"}, "0.1"},
		{[]float64{0.72, 15.35, 300}, []string{"1", "10", "100"}, "15.35"},
	} {
		got := texts(t, figure.Curves([]figure.Series{{X: c.xs, Y: []float64{1, 2, 3}}}, figure.LogX(), figure.YRange(0.51, 0.59)))
		for _, want := range c.want {
			if !slices.Contains(got, want) || slices.Contains(got, c.not) {
				t.Errorf("points at %v have the ticks %q; want %q and not %q", c.xs, got, c.want, c.not)
			}
		}
	}
}

// Greys that do not stand for values from 0 to 1 are explained.
func TestGreysAreExplained(t *testing.T) {
	values := ndarray.FromSlice([]float64{-3, 0, 2, 1}, 1, 2, 2)
	for _, c := range []struct {
		f    *figure.Figure
		want []string
	}{
		{figure.ImageGrid(values, 1, nil), []string{"-3", "2", "0"}},
		{figure.ImageGrid(values, 1, nil, figure.ValueRange(0, 8)), []string{"0", "8"}},
		{figure.ImageGrid(values, 1, nil, figure.OwnScale()), []string{"each from its own lowest to highest value · 각자의 최솟값~최댓값"}},
		{figure.ImageGrid(values.Scale(0.1).Add(ndarray.Full(0.5, 1, 2, 2)), 1, nil), nil},
		{figure.Filters(values.Reshape(1, 1, 2, 2), 1), []string{"-3", "0", "3"}},
	} {
		if got := texts(t, c.f); !slices.Equal(got, c.want) {
			t.Errorf("the scale says %q; want %q", got, c.want)
		}
	}
}

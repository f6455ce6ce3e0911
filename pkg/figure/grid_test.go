package figure_test

import (
	"regexp"
	"strconv"
	"testing"

	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

// imageSides returns how wide and high the first image of a figure is drawn.
func imageSides(t *testing.T, f *figure.Figure) (width, height float64) {
	t.Helper()
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`<image [^>]*width="([0-9.]+)" height="([0-9.]+)"`).FindSubmatch(svg)
	if found == nil {
		t.Fatalf("no image in %.200s", svg)
	}
	width, _ = strconv.ParseFloat(string(found[1]), 64)
	height, _ = strconv.ParseFloat(string(found[2]), 64)
	return width, height
}

// Images are large enough to see their pixels, and as large as Size lets them be.
func TestGridSizes(t *testing.T) {
	names := []string{"a", "b", "two words here", "d", "e", "f"}
	for name, c := range map[string]struct {
		f             *figure.Figure
		width, height float64 // of an image
		wide, high    float64 // of the figure, where that is given
	}{
		"alone":            {figure.ImageGrid(ndarray.Zeros[float64](28, 28), 1, nil), 168, 168, 0, 0},
		"alone, large":     {figure.ImageGrid(ndarray.Zeros[float64](84, 84), 1, nil), 168, 168, 0, 0},
		"alone, very":      {figure.ImageGrid(ndarray.Zeros[float64](1000, 500), 1, nil), 326, 652, 0, 0},
		"ten":              {figure.ImageGrid(ndarray.Zeros[float64](10, 28, 28), 5, nil), 84, 84, 0, 0},
		"six scenes":       {figure.ImageGrid(ndarray.Zeros[float64](6, 84, 84), 3, names), 168, 168, 0, 0},
		"Size, wide":       {figure.ImageGrid(ndarray.Zeros[float64](6, 84, 84), 3, names, figure.Size(900, 900)), 252, 252, 900, 900},
		"Size, low":        {figure.ImageGrid(ndarray.Zeros[float64](6, 28, 28), 3, nil, figure.Size(900, 200)), 56, 56, 900, 200},
		"Size, alone":      {figure.ImageGrid(ndarray.Zeros[float64](28, 28), 1, nil, figure.Size(400, 400)), 364, 364, 400, 400},
		"Size, too small":  {figure.ImageGrid(ndarray.Zeros[float64](1, 100, 100), 1, nil, figure.Size(78, 78)), 50, 50, 78, 78},
		"Size, of filters": {figure.Filters(ndarray.Zeros[float64](4, 1, 5, 5), 4, figure.Size(680, 300)), 155, 155, 680, 300},
	} {
		width, height := imageSides(t, c.f)
		if diff := max(width-c.width, c.width-width, height-c.height, c.height-height); diff > 1.6 {
			t.Errorf("%s: an image is %gx%g, want %gx%g", name, width, height, c.width, c.height)
		}
		if w, h := c.f.Size(); c.wide > 0 && (w != c.wide || h != c.high) {
			t.Errorf("%s: the figure is %gx%g, want %gx%g", name, w, h, c.wide, c.high)
		}
	}
	for _, side := range [][2]int{{200, 200}, {2000, 3}, {3, 2000}} {
		if w, h := figure.HeatMap(ndarray.Zeros[float64](side[0], side[1]), nil, nil).Size(); w > 1100 || h > 1100 {
			t.Errorf("a heat map of %v is %gx%g", side, w, h)
		}
	}
}

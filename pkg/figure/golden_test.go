package figure_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/pkg/figure"

	"gonum.org/v1/plot/cmpimg"
)

var update = flag.Bool("update", false, "write the golden images and the SVG beside them anew: look at each before committing")

// TestGolden holds every figure to the picture under testdata. A difference of a
// few shades is let pass, since floating-point rounding differs between machines.
func TestGolden(t *testing.T) {
	for name, build := range inBothWidths() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := build().PNG(72)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name+".png")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			same, err := cmpimg.EqualApprox("png", want, got, 0.1)
			if err != nil {
				t.Fatal(err)
			}
			if !same {
				seen := filepath.Join(os.TempDir(), "figure-"+name+".png")
				if err := os.WriteFile(seen, got, 0o644); err != nil {
					t.Fatal(err)
				}
				t.Errorf("differs from %s: compare %s, and run with -update if it is right", path, seen)
			}
		})
	}
}

// inBothWidths is the gallery, and its figures for a telephone.
func inBothWidths() map[string]func() *figure.Figure {
	all := gallery()
	for name, build := range gallery() {
		if f := build(); f.Narrow() != f {
			all[name+"_narrow"] = func() *figure.Figure { return build().Narrow() }
		}
	}
	return all
}

// TestSameBytes builds every figure twice: the same input must give the same SVG
// and PNG, and drawing must not change the figure.
func TestSameBytes(t *testing.T) {
	for name, build := range inBothWidths() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, other := build(), build()
			for _, form := range []struct {
				name  string
				write func(*figure.Figure) ([]byte, error)
			}{
				{"SVG", (*figure.Figure).SVG},
				{"PNG", func(f *figure.Figure) ([]byte, error) { return f.PNG(72) }},
			} {
				a, errA := form.write(one)
				b, errB := form.write(other)
				again, errAgain := form.write(one)
				if errA != nil || errB != nil || errAgain != nil {
					t.Fatal(errA, errB, errAgain)
				}
				if !bytes.Equal(a, b) {
					t.Errorf("%s: two figures of the same input differ", form.name)
				}
				if !bytes.Equal(a, again) {
					t.Errorf("%s: drawing a second time gives other bytes", form.name)
				}
			}
		})
	}
}

// TestSVGIsSelfContained checks that a figure in a page neither runs nor fetches
// anything, and has no ids that could clash with another figure's.
func TestSVGIsSelfContained(t *testing.T) {
	for name, build := range inBothWidths() {
		svg, err := build().SVG()
		if err != nil {
			t.Fatal(err)
		}
		text := string(svg)
		for _, banned := range []string{"<script", "javascript:", "@import", "url(", "<foreignObject", " id=", "NaN", "Inf"} {
			if strings.Contains(text, banned) {
				t.Errorf("%s: the SVG contains %q", name, banned)
			}
		}
		for _, link := range strings.Split(text, "href=\"")[1:] {
			if !strings.HasPrefix(link, "data:image/png;base64,") {
				t.Errorf("%s: the SVG links to %.40q", name, link)
			}
		}
		if !strings.HasPrefix(text, "<svg ") || !strings.Contains(text, "font-family=\"'Liberation Sans',Arial,Helvetica,sans-serif\"") {
			t.Errorf("%s: the SVG starts %.80q", name, text)
		}
	}
}

package figure

import (
	"fmt"
	"strings"

	"convbook/pkg/internal/shapes"
)

// mostWords is how many names a description lists.
const mostWords = 12

// listed joins names with commas, and says how many it leaves out.
func listed(names []string) string {
	var all []string
	for _, name := range names {
		if name = strings.Join(strings.Fields(bounded(name)), " "); name != "" {
			all = append(all, name)
		}
	}
	if len(all) > mostWords {
		return strings.Join(all[:mostWords], ", ") + fmt.Sprintf(" and %d more", len(all)-mostWords)
	}
	return strings.Join(all, ", ")
}

// words describes curves: what is on the axes, and where each begins and ends.
func (p *plane) words() string {
	side := func(a axis, name string) string {
		label := strings.Join(strings.Fields(bounded(a.label)), " ")
		if label == "" {
			label = name
		}
		if a.log {
			label += " (logarithmic)"
		}
		a.settle()
		return fmt.Sprintf("%s from %s to %s", label, short(a.min), short(a.max))
	}
	var curves []string
	for _, l := range p.layers {
		if c, ok := l.(*curve); ok && c.name != "" {
			curves = append(curves, c.name+c.course())
		}
	}
	text := "Curves: " + side(p.x, "horizontal axis") + ", " + side(p.y, "vertical axis") + "."
	if len(curves) > 0 {
		text += " " + listed(curves) + "."
	}
	return text
}

// course says where a curve begins and where it ends.
func (l *curve) course() string {
	var first, last float64
	count := 0
	for _, v := range l.ys {
		if finite(v) {
			if count == 0 {
				first = v
			}
			last = v
			count++
		}
	}
	switch count {
	case 0:
		return " (no values)"
	case 1:
		return " (" + short(first) + ")"
	}
	return fmt.Sprintf(" (from %s to %s)", short(first), short(last))
}

func gridWords(tiles []tile, cols, w, h int) string {
	images := fmt.Sprintf("%d images of %dx%d pixels in rows of %d", len(tiles), w, h, cols)
	if len(tiles) == 1 {
		images = fmt.Sprintf("One image of %dx%d pixels", w, h)
	}
	captions := make([]string, len(tiles))
	for i, t := range tiles {
		captions[i] = t.caption
	}
	if names := listed(captions); names != "" {
		return images + ": " + names + "."
	}
	return images + "."
}

func panelWords(panels []panel) string {
	var all []string
	for _, p := range panels {
		all = append(all, fmt.Sprintf("%s (%s, from %s to %s)", p.name, p.moments, short(p.span.low), short(p.span.high)))
	}
	return "Histograms: " + listed(all) + "."
}

func (m matrix) words(o *options, scale *colorScale) string {
	axes := func(label, what string, names []string) string {
		if label != "" {
			what = strings.Join(strings.Fields(bounded(label)), " ")
		}
		return fmt.Sprintf("%d of %s (%s)", len(names), what, listed(names))
	}
	text := "A table of coloured cells: " + axes(o.yLabel, "rows", m.rows) + " by " + axes(o.xLabel, "columns", m.columns) + "."
	if scale != nil {
		text += fmt.Sprintf(" The shades reach from %s to %s.", scale.low, scale.high)
	}
	return text
}

func (w windows) words() string {
	rows, columns := w.matrixSize()
	return fmt.Sprintf("An image of shape %s with windows of %dx%d on it, %d apart, and the matrix of shape %s that im2col makes of it, one row for each window.",
		w.sheetCaption(), w.filterH, w.filterW, w.stride, shapes.Text([]int{rows, columns}))
}

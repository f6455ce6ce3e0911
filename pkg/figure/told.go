package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Behind the drawing an SVG has, as metadata, what the script of package values tells of the value under
// the pointer: areas of the picture, with the values that are drawn there, written as they are to be read. A narrow
// drawing has the places alone; the values are those of the wide one.

// The most that a figure tells: points of one curve, points of all, cells of a matrix, and pixels that are
// written as numbers (of more there are the shades).
const (
	mostOfCurve = 200
	mostTold    = 4000
	mostPixels  = 1024
)

// tell adds an element to the metadata of an SVG. attributes are names and values in turn; empty ones are left out.
func (c *svgCanvas) tell(element string, children string, attributes ...string) {
	fmt.Fprintf(&c.told, "<%s%s>%s</%[1]s>", element, attributesOf(attributes), children)
}

func attributesOf(pairs []string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fmt.Fprintf(&b, ` %s="%s"`, pairs[i], escape(pairs[i+1]))
		}
	}
	return b.String()
}

// teller is the canvas that takes metadata, nil for one that has none.
func teller(c draw.Canvas) *svgCanvas {
	inner := c.Canvas
	for {
		cropped, ok := inner.(draw.Canvas)
		if !ok {
			break
		}
		inner = cropped.Canvas
	}
	s, _ := inner.(*svgCanvas)
	return s
}

// area is a rectangle of the canvas as the picture's x, y, width and height.
func (c *svgCanvas) area(r vg.Rectangle) string {
	x, y := c.point(vg.Point{X: r.Min.X, Y: r.Max.Y})
	size := r.Size()
	return strings.Join([]string{place(x), place(y), place(size.X.Points()), place(size.Y.Points())}, " ")
}

// toldValue writes a number as it is told: whole ones in full, others in five digits.
func toldValue(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e9 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 5, 64)
}

// toldName is a name in both languages, in one line and without the sign that stands between names.
func toldName(t bilingual.Text) string {
	return strings.ReplaceAll(oneLine(t.String()), "|", "¦")
}

func toldNames(names []string) string {
	all := make([]string, len(names))
	numbers := true
	for i, name := range names {
		all[i] = toldName(bilingual.Of(name))
		numbers = numbers && name == strconv.Itoa(i)
	}
	if numbers {
		return "" // their places
	}
	return strings.Join(all, "|")
}

// points is a series of what is told, with a label for each point or none.
type points struct {
	name   bilingual.Text
	xs, ys []float64
	labels []string
}

// tell tells the points of curves and bars, and the bins of a histogram. data is where they are drawn.
func (p *plane) tell(data draw.Canvas) {
	s := teller(data)
	if s == nil {
		return
	}
	var all []points
	form := ""
	for _, l := range p.layers {
		switch l := l.(type) {
		case *curve:
			if !l.untold {
				all = append(all, points{l.name, l.xs, l.ys, l.labels})
			}
		case bars:
			one := points{}
			for i, row := range l {
				one.xs, one.ys, one.labels = append(one.xs, row.Value), append(one.ys, -float64(i)), append(one.labels, row.Name)
			}
			all = append(all, one)
		case panel:
			s.tellBins(data.Rectangle, l)
			return
		}
	}
	if _, rows := p.y.ticks.(rowNames); rows {
		form = "x"
	}
	s.tellPoints(data.Rectangle, p.x, p.y, form, "", all)
}

// tellPoints tells points of axes. form is which of a point's numbers are told: "" for both, "x", or "t" for its label
// alone; turned is not empty where the axes change places, and "down" where x runs down from the top.
func (c *svgCanvas) tellPoints(at vg.Rectangle, x, y axis, form, turned string, all []points) {
	if c.brief {
		c.tell("points", "", "at", c.area(at), "turned", turned)
		return
	}
	var children strings.Builder
	left := mostTold
	for i, one := range all {
		most := min(mostOfCurve, max(2, mostTold/len(all)), left)
		xs, ys, labels := one.shown(x, y, most)
		left -= len(xs)
		if len(xs) == 0 {
			continue
		}
		counted, xTexts, yTexts := true, make([]string, len(xs)), make([]string, len(xs))
		for k := range xs {
			counted = counted && xs[k] == float64(k+1)
			xTexts[k], yTexts[k] = toldValue(xs[k]), toldValue(ys[k])
		}
		if counted {
			xTexts = nil
		}
		fmt.Fprintf(&children, "<c%s/>", attributesOf([]string{"n", toldName(one.name), "x", strings.Join(xTexts, " "), "y", strings.Join(yTexts, " "), "t", strings.Join(labels, "|")}))
		if left <= 0 && i < len(all)-1 {
			break
		}
	}
	c.tell("points", children.String(), "at", c.area(at), "x", x.told(), "y", y.told(), "f", form, "turned", turned, "xl", toldName(x.label), "yl", toldName(y.label))
}

// told is an axis as its ends.
func (a *axis) told() string {
	ends := strconv.FormatFloat(a.min, 'g', -1, 64) + " " + strconv.FormatFloat(a.max, 'g', -1, 64)
	if a.log {
		ends += " log"
	}
	return ends
}

// shown are the points that can be seen, at most so many of them, evenly chosen.
func (p points) shown(x, y axis, most int) (xs, ys []float64, labels []string) {
	on := func(a axis, v float64) bool {
		return finite(v) && (!a.log || v > 0) && a.share(v) >= -1e-9 && a.share(v) <= 1+1e-9
	}
	var seen []int
	for i := range min(len(p.xs), len(p.ys)) {
		if on(x, p.xs[i]) && on(y, p.ys[i]) {
			seen = append(seen, i)
		}
	}
	count := min(most, len(seen))
	for k := range count {
		i := seen[k]
		if count < len(seen) {
			i = seen[k*(len(seen)-1)/max(count-1, 1)]
		}
		xs, ys = append(xs, p.xs[i]), append(ys, p.ys[i])
		if p.labels != nil {
			labels = append(labels, toldName(bilingual.Of(p.labels[i])))
		}
	}
	return xs, ys, labels
}

// tellBins tells the counts of a histogram and where each bin ends.
func (c *svgCanvas) tellBins(at vg.Rectangle, p panel) {
	if c.brief {
		c.tell("cells", "", "at", c.area(at))
		return
	}
	edges, counts := make([]string, histogramBins+1), make([]string, histogramBins)
	for i := range edges {
		edges[i] = short(p.span.low + (p.span.high-p.span.low)*float64(i)/histogramBins)
	}
	for i, n := range p.counts {
		counts[i] = strconv.Itoa(n)
	}
	c.tell("cells", "", "at", c.area(at), "n", toldName(p.name), "e", strings.Join(edges, " "), "v", strings.Join(counts, " "))
}

// tell tells the cells of a matrix.
func (m matrix) tell(s *svgCanvas, at vg.Rectangle) {
	if s == nil || len(m.rows)*len(m.columns) > mostTold {
		return
	}
	if s.brief {
		s.tell("cells", "", "at", s.area(at))
		return
	}
	var values []string
	for _, row := range m.cells {
		for _, cell := range row {
			values = append(values, cell.text)
		}
	}
	s.tell("cells", "", "at", s.area(at), "size", fmt.Sprint(len(m.rows), " ", len(m.columns)), "v", strings.Join(values, " "),
		"r", toldNames(m.rows), "c", toldNames(m.columns), "yl", toldName(m.yLabel), "xl", toldName(m.xLabel))
}

// shadesTold says how values can be read from the shades of images: what the ends stand for, for all or for each.
type shadesTold struct {
	kind  string // "grey", "inverted" or "signed"
	spans []span
	exact bool     // a shade stands for one value
	texts []string // the values themselves, where there are few
}

// tellImages tells the pixels of images, which are the first of the picture.
func (t shadesTold) tell(s *svgCanvas, tiles []tile, w, h int) {
	if s == nil || len(tiles)*w*h > 64*mostPixels {
		return
	}
	if s.brief {
		s.tell("images", "")
		return
	}
	captions, some := make([]string, len(tiles)), false
	for i, tile := range tiles {
		captions[i] = toldName(tile.caption)
		some = some || captions[i] != ""
	}
	if !some {
		captions = nil
	}
	var ends []string
	about := "1"
	if t.exact {
		about = ""
	}
	for _, shades := range t.spans {
		ends = append(ends, strconv.FormatFloat(shades.low, 'g', 7, 64), strconv.FormatFloat(shades.high, 'g', 7, 64), strconv.Itoa(t.decimals(shades)))
	}
	s.tell("images", "", "k", t.kind, "n", strconv.Itoa(len(tiles)), "size", fmt.Sprint(h, " ", w), "c", strings.Join(captions, "|"),
		"v", strings.Join(t.texts, " "), "s", strings.Join(ends, " "), "about", about)
}

// steps is how many steps of shade there are from one end to the other.
func (t shadesTold) steps() float64 {
	if t.kind == "signed" {
		return 254
	}
	return 255
}

// decimals are those of which the shades tell a difference.
func (t shadesTold) decimals(shades span) int {
	return min(max(0, int(math.Ceil(-math.Log10((shades.high-shades.low)/t.steps())))), 12)
}

// toldShades says how the pixels of images can be read. spans are those of all images, or of each.
func toldShades[T interface{ ~float32 | ~float64 }](kind string, values []T, spans []span) shadesTold {
	t := shadesTold{kind: kind, spans: spans, exact: true}
	if len(values) <= mostPixels {
		for _, v := range values {
			t.texts = append(t.texts, toldPixel(float64(v)))
		}
		t.spans = nil
		return t
	}
	each := len(values) / len(spans)
	for i, v := range values {
		shades := spans[min(i/each, len(spans)-1)]
		shade := math.Round(t.steps()*shades.share(float64(v))) / t.steps()
		if !(math.Abs(shades.low+shade*(shades.high-shades.low)-float64(v)) <= 1e-6*(shades.high-shades.low)) {
			t.exact = false
			break
		}
	}
	return t
}

// toldPixel writes a pixel in four digits.
func toldPixel(v float64) string {
	if !finite(v) {
		return "–"
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e6 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

package figure

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"convbook/pkg/internal/bilingual"
	"convbook/pkg/system/atomicfile"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Figure is a picture that can be written as SVG and as PNG.
type Figure struct {
	heading heading
	form    form
	layout  func(form) drawing
	shows   bilingual.Text // what is shown, for those who do not see it
}

// Title returns the figure's title and note in one line, in English and Korean.
func (f *Figure) Title() string { return f.heading.text().String() }

// Description says in words what the figure shows: its title, what is drawn, and the
// ranges of its axes; in English, and then in Korean. Pages have it as the text in place of
// the picture.
func (f *Figure) Description() string {
	title := f.heading.text()
	said := func(title, shows string) string {
		if title == "" {
			return shows
		}
		return title + ". " + shows
	}
	return said(title.English, f.shows.English) + " " + said(title.Korean, f.shows.Korean)
}

// OnStandIn reports whether the figure was made with StandIn(true).
func (f *Figure) OnStandIn() bool { return f != nil && f.heading.standIn }

// Size returns the width and height in CSS pixels.
func (f *Figure) Size() (width, height float64) {
	d := f.layout(f.form)
	return d.width.Points(), d.height.Points()
}

// Narrow returns the figure laid out for a telephone, NarrowWidth wide at most: fewer columns,
// the legend under the curves, texts in more lines, all letters in their full size. It is f itself
// when that is no wider. Its SVG has no description of its own.
func (f *Figure) Narrow() *Figure {
	if width, _ := f.Size(); width <= NarrowWidth {
		return f
	}
	narrow := *f
	narrow.form.narrow = true
	return &narrow
}

// SVG returns the figure as a complete SVG document without an XML prologue, so
// that it can stand in an HTML page as it is.
func (f *Figure) SVG() ([]byte, error) {
	d := f.layout(f.form)
	c := newSVGCanvas(d.width, d.height)
	c.brief = f.form.narrow
	if err := f.draw(c, d); err != nil {
		return nil, err
	}
	if f.form.narrow {
		return c.document(""), nil
	}
	return c.document(f.Description()), nil
}

// Save writes the figure to a file, as its extension says: .svg, or .png at 144
// dpi. The file appears complete or not at all.
func (f *Figure) Save(path string) error {
	var data []byte
	var err error
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".svg":
		data, err = f.SVG()
	case ".png":
		data, err = f.PNG(144)
	default:
		return fmt.Errorf("figure: cannot save %s: the extension %q is not .svg or .png", path, ext)
	}
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, data); err != nil {
		return fmt.Errorf("figure: saving %s: %w", path, err)
	}
	return nil
}

// draw paints the card and then the picture inside its margin. A panic of the
// plotting library becomes an error here.
func (f *Figure) draw(c vg.CanvasSizer, d drawing) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("figure: drawing %q: %v", f.Title(), r)
		}
	}()
	canvas := draw.New(c)
	canvas.SetColor(card)
	canvas.Fill(roundedRectangle(canvas.Rectangle, cardRadius))
	d.paint(draw.Crop(canvas, d.margin, -d.margin, d.margin, -d.margin))
	return nil
}

// roundedRectangle returns the outline of r with quarter circles at the corners.
func roundedRectangle(r vg.Rectangle, radius vg.Length) vg.Path {
	var p vg.Path
	p.Move(vg.Point{X: r.Min.X + radius, Y: r.Min.Y})
	p.Line(vg.Point{X: r.Max.X - radius, Y: r.Min.Y})
	p.Arc(vg.Point{X: r.Max.X - radius, Y: r.Min.Y + radius}, radius, -math.Pi/2, math.Pi/2)
	p.Line(vg.Point{X: r.Max.X, Y: r.Max.Y - radius})
	p.Arc(vg.Point{X: r.Max.X - radius, Y: r.Max.Y - radius}, radius, 0, math.Pi/2)
	p.Line(vg.Point{X: r.Min.X + radius, Y: r.Max.Y})
	p.Arc(vg.Point{X: r.Min.X + radius, Y: r.Max.Y - radius}, radius, math.Pi/2, math.Pi/2)
	p.Line(vg.Point{X: r.Min.X, Y: r.Min.Y + radius})
	p.Arc(vg.Point{X: r.Min.X + radius, Y: r.Min.Y + radius}, radius, math.Pi, math.Pi/2)
	p.Close()
	return p
}

// drawable reports whether a path leads to no place further than limit from the origin,
// nor to a NaN.
func drawable(p vg.Path, limit vg.Length) bool {
	near := func(l vg.Length) bool { return l >= -limit && l <= limit } // false for NaN
	for _, part := range p {
		if !near(part.Pos.X) || !near(part.Pos.Y) || !near(part.Radius) {
			return false
		}
	}
	return true
}

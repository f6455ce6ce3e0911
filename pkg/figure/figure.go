package figure

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Figure is a picture that can be written as SVG and as PNG.
type Figure struct {
	heading       heading
	width, height vg.Length // one unit is one CSS pixel in SVG, 1/72 inch in PNG
	paint         func(draw.Canvas)
}

// Title returns the figure's title and note in one line.
func (f *Figure) Title() string { return f.heading.String() }

// OnStandIn reports whether the figure was made with StandIn(true).
func (f *Figure) OnStandIn() bool { return f != nil && f.heading.standIn }

// Size returns the width and height in CSS pixels.
func (f *Figure) Size() (width, height float64) { return f.width.Points(), f.height.Points() }

// SVG returns the figure as a complete SVG document without an XML prologue, so
// that it can stand in an HTML page as it is.
func (f *Figure) SVG() ([]byte, error) {
	c := newSVGCanvas(f.width, f.height)
	if err := f.draw(c); err != nil {
		return nil, err
	}
	return c.document(f.Title()), nil
}

// PNG returns the figure as a PNG file with dpi pixels for every 72 units: 72
// gives the size in CSS pixels, 144 twice that for sharp screens. It errs when
// dpi is below 1 or the picture would have more than 2^26 pixels.
func (f *Figure) PNG(dpi int) ([]byte, error) {
	highest := int(72 * math.Sqrt((1<<26)/(f.width.Points()*f.height.Points())))
	if dpi < 1 || dpi > highest {
		return nil, fmt.Errorf("figure: %d dpi for a figure of %.0fx%.0f: ask for between 1 and %d",
			dpi, f.width.Points(), f.height.Points(), highest)
	}
	c := pixelCanvas{vgimg.NewWith(vgimg.UseWH(f.width, f.height), vgimg.UseDPI(dpi),
		vgimg.UseBackgroundColor(color.Transparent))}
	if err := f.draw(c); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, c.Image()); err != nil {
		return nil, fmt.Errorf("figure: encoding the PNG: %w", err)
	}
	return b.Bytes(), nil
}

// Save writes the figure to a file, as its extension says: .svg, or .png at 144
// dpi. The file appears whole or not at all.
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
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("figure: saving %s: %w", path, err)
	}
	defer os.Remove(temp.Name())
	if _, err := temp.Write(data); err != nil {
		temp.Close()
		return fmt.Errorf("figure: saving %s: %w", path, err)
	}
	if err := temp.Chmod(0o644); err != nil {
		temp.Close()
		return fmt.Errorf("figure: saving %s: %w", path, err)
	}
	if err := temp.Close(); err != nil {
		return fmt.Errorf("figure: saving %s: %w", path, err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return fmt.Errorf("figure: saving %s: %w", path, err)
	}
	return nil
}

// draw paints the card and then the picture inside its margin. A panic of the
// plotting library becomes an error here.
func (f *Figure) draw(c vg.CanvasSizer) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("figure: drawing %q: %v", f.Title(), r)
		}
	}()
	canvas := draw.New(c)
	canvas.SetColor(card)
	canvas.Fill(roundedRectangle(canvas.Rectangle, cardRadius))
	f.paint(draw.Crop(canvas, margin, -margin, margin, -margin))
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

// pixelCanvas is gonum's raster canvas, except that images keep hard pixel edges.
type pixelCanvas struct{ *vgimg.Canvas }

// DrawImage scales img to rect by nearest neighbour. Transformations of the
// canvas do not apply; no figure draws an image under one.
func (c pixelCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	target := c.Image()
	dots := c.DPI() / 72
	bounds := target.Bounds()
	left := int(math.Round(rect.Min.X.Points() * dots))
	right := int(math.Round(rect.Max.X.Points() * dots))
	top := bounds.Dy() - int(math.Round(rect.Max.Y.Points()*dots))
	bottom := bounds.Dy() - int(math.Round(rect.Min.Y.Points()*dots))
	from := img.Bounds()
	for y := max(top, 0); y < min(bottom, bounds.Dy()); y++ {
		for x := max(left, 0); x < min(right, bounds.Dx()); x++ {
			pixel := img.At(from.Min.X+(x-left)*from.Dx()/(right-left), from.Min.Y+(y-top)*from.Dy()/(bottom-top))
			if _, _, _, alpha := pixel.RGBA(); alpha != 0 {
				target.Set(x, y, pixel)
			}
		}
	}
}

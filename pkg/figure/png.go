package figure

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"git.sr.ht/~sbinet/gg"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// PNG returns the figure as a PNG file with dpi pixels for every 72 units: 72
// gives the size in CSS pixels, 144 twice that for sharp screens. It returns an error
// when dpi is below 1 or the picture would have more than 2^26 pixels. The font for pixels has
// no Korean letters: the picture is in English.
//
// Only a program that calls PNG or Save contains what PNG needs.
func (f *Figure) PNG(dpi int) ([]byte, error) {
	in := f.form
	in.english = true
	d := f.layout(in)
	highest := int(72 * math.Sqrt((1<<26)/(d.width.Points()*d.height.Points())))
	if highest < 1 {
		return nil, fmt.Errorf("figure: a figure of %.0fx%.0f is too large for a PNG: save it as .svg", d.width.Points(), d.height.Points())
	}
	if dpi < 1 || dpi > highest {
		return nil, fmt.Errorf("figure: %d dpi for a figure of %.0fx%.0f: ask for between 1 and %d",
			dpi, d.width.Points(), d.height.Points(), highest)
	}
	c := newPixelCanvas(d.width, d.height, float64(dpi)/72)
	if err := f.draw(c, d); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, c.image); err != nil {
		return nil, fmt.Errorf("figure: encoding the PNG: %w", err)
	}
	return b.Bytes(), nil
}

// pixelCanvas is a vg.Canvas of pixels. gonum's vgimg is not used because it brings the
// writers of JPEG and TIFF into every program that could ask for a PNG, and smooths the
// pixels of images.
type pixelCanvas struct {
	width, height vg.Length
	dots          float64 // pixels for each unit
	image         *image.RGBA
	context       *gg.Context
	line          vg.Length
	lines         []vg.Length // of the states pushed
}

func newPixelCanvas(width, height vg.Length, dots float64) *pixelCanvas {
	c := &pixelCanvas{width: width, height: height, dots: dots}
	c.image = image.NewRGBA(image.Rect(0, 0, max(1, int(width.Points()*dots+0.5)), max(1, int(height.Points()*dots+0.5))))
	c.context = gg.NewContextForRGBA(c.image)
	c.context.SetLineCapButt()
	c.context.InvertY()
	vg.Initialize(c)
	return c
}

func (c *pixelCanvas) Size() (x, y vg.Length)   { return c.width, c.height }
func (c *pixelCanvas) SetLineWidth(w vg.Length) { c.line = w; c.context.SetLineWidth(c.scaled(w)) }
func (c *pixelCanvas) Rotate(rad float64)       { c.context.Rotate(rad) }
func (c *pixelCanvas) Scale(x, y float64)       { c.context.Scale(x, y) }

func (c *pixelCanvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	dashes := make([]float64, len(pattern))
	for i, d := range pattern {
		dashes[i] = c.scaled(d)
	}
	c.context.SetDash(dashes...)
	c.context.SetDashOffset(c.scaled(offset))
}

func (c *pixelCanvas) SetColor(clr color.Color) {
	if clr == nil {
		clr = color.Black
	}
	c.context.SetColor(clr)
}

func (c *pixelCanvas) Translate(pt vg.Point) { c.context.Translate(c.scaled(pt.X), c.scaled(pt.Y)) }

func (c *pixelCanvas) Push() {
	c.lines = append(c.lines, c.line)
	c.context.Push()
}

func (c *pixelCanvas) Pop() {
	c.line, c.lines = c.lines[len(c.lines)-1], c.lines[:len(c.lines)-1]
	c.context.Pop()
}

func (c *pixelCanvas) Stroke(p vg.Path) {
	if c.line > 0 && c.outline(p) {
		c.context.Stroke()
	}
}

func (c *pixelCanvas) Fill(p vg.Path) {
	if c.outline(p) {
		c.context.Fill()
	}
}

// outline hands a path to the rasteriser, unless it leads to a place that is none: the
// rasteriser never comes back from a NaN, and walks each pixel of the way to a far one.
func (c *pixelCanvas) outline(p vg.Path) bool {
	if !drawable(p, c.farthest()) {
		return false
	}
	for _, part := range p {
		x, y := c.scaled(part.Pos.X), c.scaled(part.Pos.Y)
		switch part.Type {
		case vg.MoveComp:
			c.context.MoveTo(x, y)
		case vg.LineComp:
			c.context.LineTo(x, y)
		case vg.ArcComp:
			c.context.DrawArc(x, y, c.scaled(part.Radius), part.Start, part.Start+part.Angle)
		case vg.CurveComp:
			a := part.Control[0]
			if len(part.Control) == 1 {
				c.context.QuadraticTo(c.scaled(a.X), c.scaled(a.Y), x, y)
			} else {
				b := part.Control[1]
				c.context.CubicTo(c.scaled(a.X), c.scaled(a.Y), c.scaled(b.X), c.scaled(b.Y), x, y)
			}
		case vg.CloseComp:
			c.context.ClosePath()
		}
	}
	return true
}

// farthest is how far a path may lead: text and lines reach a little beyond the picture.
func (c *pixelCanvas) farthest() vg.Length { return 2000 + 2*max(c.width, c.height) }

func (c *pixelCanvas) scaled(l vg.Length) float64 { return l.Points() * c.dots }

func (c *pixelCanvas) FillString(f font.Face, pt vg.Point, text string) {
	if f.Font.Size == 0 || !drawable(vg.Path{{Pos: pt}}, c.farthest()) {
		return
	}
	c.context.Push()
	defer c.context.Pop()
	face := outlines()[f.Font.Weight == xfont.WeightBold].FontFace(f.Font.Size.Points(), 72*c.dots)
	defer face.Close()
	c.context.SetFontFace(face)
	c.context.InvertY()
	c.context.DrawString(text, c.scaled(pt.X), c.scaled(c.height)-c.scaled(pt.Y))
}

// outlined is a font that can be drawn.
type outlined struct{ *opentype.Font }

func (o outlined) FontFace(size, dpi float64) xfont.Face {
	face, err := opentype.NewFace(o.Font, &opentype.FaceOptions{Size: size, DPI: dpi})
	if err != nil {
		panic(err)
	}
	return face
}

// parsed are the fonts, by whether they are bold. They are no package variables with
// values, which every program would contain.
var parsed struct {
	once  sync.Once
	fonts map[bool]outlined
}

func outlines() map[bool]outlined {
	parsed.once.Do(func() {
		parsed.fonts = map[bool]outlined{}
		for bold, ttf := range map[bool][]byte{false: liberationsansregular.TTF, true: liberationsansbold.TTF} {
			font, err := opentype.Parse(ttf)
			if err != nil {
				panic(fmt.Errorf("the font that the program brings along: %w", err))
			}
			parsed.fonts[bold] = outlined{font}
		}
	})
	return parsed.fonts
}

// DrawImage scales img to rect by nearest neighbour. Transformations of the
// canvas do not apply; no figure draws an image under one.
func (c *pixelCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	if !drawable(vg.Path{{Pos: rect.Min}, {Pos: rect.Max}}, c.farthest()) {
		return
	}
	bounds := c.image.Bounds()
	left := int(math.Round(c.scaled(rect.Min.X)))
	right := int(math.Round(c.scaled(rect.Max.X)))
	top := bounds.Dy() - int(math.Round(c.scaled(rect.Max.Y)))
	bottom := bounds.Dy() - int(math.Round(c.scaled(rect.Min.Y)))
	from := img.Bounds()
	for y := max(top, 0); y < min(bottom, bounds.Dy()); y++ {
		for x := max(left, 0); x < min(right, bounds.Dx()); x++ {
			pixel := img.At(from.Min.X+(x-left)*from.Dx()/(right-left), from.Min.Y+(y-top)*from.Dy()/(bottom-top))
			if _, _, _, alpha := pixel.RGBA(); alpha != 0 {
				c.image.Set(x, y, pixel)
			}
		}
	}
}

package figure

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// svgCanvas is a vg.Canvas that writes SVG for notebooks. gonum's vgsvg is not
// used because it asks for the one font "Liberation Sans" without a fallback
// (browsers then set the text in Times), states no text widths and smooths the
// pixels of images.
type svgCanvas struct {
	width, height vg.Length
	body          bytes.Buffer
	state         svgState
	stack         []svgState
}

// farthest is how far from the origin browsers draw.
const farthest vg.Length = 1e7

type svgState struct {
	color      color.Color
	lineWidth  vg.Length
	dashes     []vg.Length
	dashOffset vg.Length
	matrix     affine
}

// affine maps (x, y) to (xx*x + xy*y + x0, yx*x + yy*y + y0).
type affine struct{ xx, xy, x0, yx, yy, y0 float64 }

// times returns the map that applies b first and then a.
func (a affine) times(b affine) affine {
	return affine{
		a.xx*b.xx + a.xy*b.yx, a.xx*b.xy + a.xy*b.yy, a.xx*b.x0 + a.xy*b.y0 + a.x0,
		a.yx*b.xx + a.yy*b.yx, a.yx*b.xy + a.yy*b.yy, a.yx*b.x0 + a.yy*b.y0 + a.y0,
	}
}

// newSVGCanvas starts with the map from vg's coordinates (origin at the bottom)
// to SVG's (origin at the top).
func newSVGCanvas(width, height vg.Length) *svgCanvas {
	c := &svgCanvas{width: width, height: height}
	c.state.matrix = affine{xx: 1, yy: -1, y0: height.Points()}
	vg.Initialize(c)
	return c
}

// document wraps what was drawn into an svg element. The style attribute lets it
// shrink with the page.
func (c *svgCanvas) document(title string) []byte {
	var b bytes.Buffer
	w, h := number(c.width.Points()), number(c.height.Points())
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img"`, w, h, w, h)
	if title != "" {
		fmt.Fprintf(&b, ` aria-label="%s"`, escape(title))
	}
	b.WriteString(` style="max-width:100%;height:auto" font-family="'Liberation Sans',Arial,Helvetica,sans-serif">` + "\n" + dark + "\n")
	b.Write(c.body.Bytes())
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// dark gives the card, the text and the lines the colours of a dark page, where the page
// that the figure stands in is dark: a picture takes the colour scheme of its element, which
// package display sets as the notebook's theme is. Images and the cells of matrices keep their colours, which mean something.
// Rules for an attribute win over the attribute itself.
const dark = `<style>@media (prefers-color-scheme:dark){` +
	`[fill="#fdfdfc"]{fill:#1c1e21}[fill="#2b2b2b"]{fill:#e3e5e8}[fill="#5a5a5a"]{fill:#b0b4ba}` +
	`[stroke="#8c8c8c"]{stroke:#80858c}[stroke="#e6e6e4"]{stroke:#35383d}` +
	`[fill="#0072b2"]{fill:#4ea6dc}[stroke="#0072b2"]{stroke:#4ea6dc}[fill="#d55e00"]{fill:#f28a3c}[stroke="#d55e00"]{stroke:#f28a3c}` +
	`[fill="#555555"]{fill:#a5a9b0}[stroke="#555555"]{stroke:#a5a9b0}}</style>`

func (c *svgCanvas) Size() (x, y vg.Length)   { return c.width, c.height }
func (c *svgCanvas) SetLineWidth(w vg.Length) { c.state.lineWidth = w }
func (c *svgCanvas) SetColor(clr color.Color) { c.state.color = clr }
func (c *svgCanvas) Push()                    { c.stack = append(c.stack, c.state) }
func (c *svgCanvas) SetLineDash(d []vg.Length, o vg.Length) {
	c.state.dashes, c.state.dashOffset = d, o
}

func (c *svgCanvas) Pop() {
	c.state = c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
}

func (c *svgCanvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	c.state.matrix = c.state.matrix.times(affine{xx: cos, xy: -sin, yx: sin, yy: cos})
}

func (c *svgCanvas) Translate(pt vg.Point) {
	c.state.matrix = c.state.matrix.times(affine{xx: 1, x0: pt.X.Points(), yy: 1, y0: pt.Y.Points()})
}

func (c *svgCanvas) Scale(x, y float64) {
	c.state.matrix = c.state.matrix.times(affine{xx: x, yy: y})
}

func (c *svgCanvas) Stroke(p vg.Path) {
	if c.state.lineWidth <= 0 || !drawable(p, farthest) {
		return
	}
	rgb, opacity := c.paint()
	fmt.Fprintf(&c.body, `<path fill="none" stroke="%s" stroke-width="%s"`, rgb, number(c.state.lineWidth.Points()))
	if opacity != "" {
		fmt.Fprintf(&c.body, ` stroke-opacity="%s"`, opacity)
	}
	for i, d := range c.state.dashes {
		if i == 0 {
			c.body.WriteString(` stroke-dasharray="`)
		} else {
			c.body.WriteByte(' ')
		}
		c.body.WriteString(number(d.Points()))
	}
	if len(c.state.dashes) > 0 {
		c.body.WriteByte('"')
		if c.state.dashOffset != 0 {
			fmt.Fprintf(&c.body, ` stroke-dashoffset="%s"`, number(c.state.dashOffset.Points()))
		}
	}
	fmt.Fprintf(&c.body, ` stroke-linejoin="round" d="%s"/>`+"\n", c.path(p))
}

func (c *svgCanvas) Fill(p vg.Path) {
	if !drawable(p, farthest) {
		return
	}
	rgb, opacity := c.paint()
	fmt.Fprintf(&c.body, `<path fill="%s"`, rgb)
	if opacity != "" {
		fmt.Fprintf(&c.body, ` fill-opacity="%s"`, opacity)
	}
	fmt.Fprintf(&c.body, ` d="%s"/>`+"\n", c.path(p))
}

// FillString writes a text whose width the browser keeps to what the layout was
// computed with.
func (c *svgCanvas) FillString(face font.Face, pt vg.Point, text string) {
	if face.Font.Size == 0 || text == "" || !drawable(vg.Path{{Pos: pt}}, farthest) {
		return
	}
	rgb, opacity := c.paint()
	m := c.state.matrix
	at := m.times(affine{xx: 1, x0: pt.X.Points(), yy: 1, y0: pt.Y.Points()})
	fmt.Fprintf(&c.body, `<text x="%s" y="%s"`, number(at.x0), number(at.y0))
	if turned := math.Atan2(-m.yx, m.xx); math.Abs(turned) > 1e-9 {
		fmt.Fprintf(&c.body, ` transform="rotate(%s %s %s)"`, number(-turned*180/math.Pi), number(at.x0), number(at.y0))
	}
	fmt.Fprintf(&c.body, ` font-size="%s"`, number(face.Font.Size.Points()))
	if face.Font.Weight > 0 {
		c.body.WriteString(` font-weight="bold"`)
	}
	fmt.Fprintf(&c.body, ` textLength="%s" lengthAdjust="spacingAndGlyphs" fill="%s"`, number(textWidth(face.Font, text).Points()), rgb)
	if opacity != "" {
		fmt.Fprintf(&c.body, ` fill-opacity="%s"`, opacity)
	}
	fmt.Fprintf(&c.body, ">%s</text>\n", escape(text))
}

// DrawImage embeds img as a PNG; its pixels keep hard edges. Only translation
// applies to it.
func (c *svgCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, img); err != nil {
		panic(fmt.Errorf("encoding an image of %v: %w", img.Bounds(), err))
	}
	x, y := c.point(vg.Point{X: rect.Min.X, Y: rect.Max.Y})
	fmt.Fprintf(&c.body, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,%s"/>`+"\n",
		number(x), number(y), number(rect.Size().X.Points()), number(rect.Size().Y.Points()),
		base64.StdEncoding.EncodeToString(b.Bytes()))
}

// paint returns the colour as SVG writes it; the opacity is empty when full.
func (c *svgCanvas) paint() (rgb, opacity string) {
	clr := c.state.color
	if clr == nil {
		clr = color.Black
	}
	straight := color.NRGBAModel.Convert(clr).(color.NRGBA)
	if straight.A != 255 {
		opacity = number(float64(straight.A) / 255)
	}
	return fmt.Sprintf("#%02x%02x%02x", straight.R, straight.G, straight.B), opacity
}

func (c *svgCanvas) point(p vg.Point) (x, y float64) {
	m := c.state.matrix.times(affine{xx: 1, x0: p.X.Points(), yy: 1, y0: p.Y.Points()})
	return m.x0, m.y0
}

// path writes the path data in SVG's coordinates.
func (c *svgCanvas) path(p vg.Path) []byte {
	var b []byte
	add := func(command byte, points ...vg.Point) {
		b = append(b, command)
		for i, pt := range points {
			if i > 0 {
				b = append(b, ' ')
			}
			x, y := c.point(pt)
			b = append(b, number(x)...)
			b = append(b, ' ')
			b = append(b, number(y)...)
		}
	}
	for i, part := range p {
		switch part.Type {
		case vg.MoveComp:
			add('M', part.Pos)
		case vg.LineComp:
			add('L', part.Pos)
		case vg.CurveComp:
			if len(part.Control) == 1 {
				add('Q', part.Control[0], part.Pos)
			} else {
				add('C', part.Control[0], part.Control[1], part.Pos)
			}
		case vg.ArcComp:
			on := func(angle float64) vg.Point {
				sin, cos := math.Sincos(angle)
				return vg.Point{X: part.Pos.X + part.Radius*vg.Length(cos), Y: part.Pos.Y + part.Radius*vg.Length(sin)}
			}
			if i == 0 {
				add('M', on(part.Start))
			} else {
				add('L', on(part.Start))
			}
			// An arc of SVG cannot end where it starts, so a circle takes two halves.
			for half := 1.0; half <= 2; half++ {
				add('A')
				b = append(b, c.arc(part)...)
				add(' ', on(part.Start+part.Angle*half/2))
			}
		case vg.CloseComp:
			b = append(b, 'Z')
		}
	}
	return b
}

// arc writes the radii and flags of half the arc: never more than 180 degrees,
// and turning the other way because SVG's y axis points down.
func (c *svgCanvas) arc(part vg.PathComp) string {
	m := c.state.matrix
	det := m.xx*m.yy - m.xy*m.yx
	r := number(part.Radius.Points() * math.Sqrt(math.Abs(det)))
	sweep := "0"
	if (part.Angle > 0) == (det > 0) {
		sweep = "1"
	}
	return r + " " + r + " 0 0 " + sweep
}

// number writes v with at most two decimals, which is finer than a screen shows.
func number(v float64) string {
	v = math.Round(v*100) / 100
	if v == 0 {
		v = 0 // no minus sign
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // writing to a bytes.Buffer returns no error
	return b.String()
}

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
	"strings"

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
	told          strings.Builder // of values, for the pointer
	brief         bool            // places alone are told, without the values
	state         svgState
	stack         []svgState
	style         string // of the last path, which ends at styled
	styled        int
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
	b.WriteString(` style="max-width:100%;height:auto;image-rendering:pixelated" stroke-linejoin="round" font-size="11" font-family="'Liberation Sans',Arial,Helvetica,sans-serif">` + "\n" + darkStyle(c.body.Bytes()) + "\n")
	b.Write(c.body.Bytes())
	if c.told.Len() > 0 {
		b.WriteString("<metadata>" + c.told.String() + "</metadata>")
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// darkColors are the colours of the card, the text and the lines, and what they become in a
// dark page: a picture takes the colour scheme of its element, which package display sets as the
// notebook's theme is. Images and the cells of matrices keep their colours, which mean something.
var darkColors = []struct{ light, dark string }{
	{"#fdfdfc", "#1c1e21"}, {"#2b2b2b", "#e3e5e8"}, {"#5a5a5a", "#b0b4ba"}, {"#8c8c8c", "#80858c"}, {"#e6e6e4", "#35383d"},
	{"#0072b2", "#4ea6dc"}, {"#d55e00", "#f28a3c"}, {"#56b4e9", "#b9e4ff"}, {"#555555", "#a5a9b0"},
}

// darkStyle changes the colours that a drawing has. Rules for an attribute win over the
// attribute itself.
func darkStyle(drawing []byte) string {
	style := "<style>@media (prefers-color-scheme:dark){"
	for _, c := range darkColors {
		for _, attribute := range []string{"fill", "stroke"} {
			if value := attribute + `="` + c.light + `"`; bytes.Contains(drawing, []byte(value)) {
				style += "[" + value + "]{" + attribute + ":" + c.dark + "}"
			}
		}
	}
	return style + "}</style>"
}

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
	style := fmt.Sprintf(`fill="none" stroke="%s" stroke-width="%s"`, rgb, number(c.state.lineWidth.Points()))
	if opacity != "" {
		style += fmt.Sprintf(` stroke-opacity="%s"`, opacity)
	}
	for i, d := range c.state.dashes {
		if i == 0 {
			style += ` stroke-dasharray="`
		} else {
			style += " "
		}
		style += number(d.Points())
	}
	if len(c.state.dashes) > 0 {
		style += `"`
		if c.state.dashOffset != 0 {
			style += fmt.Sprintf(` stroke-dashoffset="%s"`, number(c.state.dashOffset.Points()))
		}
	}
	c.element(style, p)
}

func (c *svgCanvas) Fill(p vg.Path) {
	if !drawable(p, farthest) {
		return
	}
	rgb, opacity := c.paint()
	style := fmt.Sprintf(`fill="%s"`, rgb)
	if opacity != "" {
		style += fmt.Sprintf(` fill-opacity="%s"`, opacity)
	}
	c.element(style, p)
}

// element writes a path. One that follows another of the same style is added to it.
func (c *svgCanvas) element(style string, p vg.Path) {
	const end = "\"/>\n"
	if style == c.style && c.body.Len() == c.styled {
		c.body.Truncate(c.styled - len(end))
	} else {
		fmt.Fprintf(&c.body, `<path %s d="`, style)
	}
	c.body.Write(c.path(p))
	c.body.WriteString(end)
	c.style, c.styled = style, c.body.Len()
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
	fmt.Fprintf(&c.body, `<text x="%s" y="%s"`, place(at.x0), place(at.y0))
	if turned := math.Atan2(-m.yx, m.xx); math.Abs(turned) > 1e-9 {
		fmt.Fprintf(&c.body, ` transform="rotate(%s %s %s)"`, number(-turned*180/math.Pi), place(at.x0), place(at.y0))
	}
	if face.Font.Size != tickSize { // the document's
		fmt.Fprintf(&c.body, ` font-size="%s"`, number(face.Font.Size.Points()))
	}
	if face.Font.Weight > 0 {
		c.body.WriteString(` font-weight="bold"`)
	}
	fmt.Fprintf(&c.body, ` textLength="%s"`, place(textWidth(face.Font, text).Points()))
	if strings.Trim(text, "0123456789.,-") != "" { // digits are as wide in all fonts that there may be
		c.body.WriteString(` lengthAdjust="spacingAndGlyphs"`)
	}
	fmt.Fprintf(&c.body, ` fill="%s"`, rgb)
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
	size, pixels := rect.Size(), img.Bounds().Size()
	fmt.Fprintf(&c.body, `<image x="%s" y="%s" width="%s" height="%s"`, place(x), place(y), number(size.X.Points()), number(size.Y.Points()))
	if size.X*vg.Length(pixels.Y) != size.Y*vg.Length(pixels.X) {
		c.body.WriteString(` preserveAspectRatio="none"`)
	}
	fmt.Fprintf(&c.body, ` href="data:image/png;base64,%s"/>`+"\n", base64.StdEncoding.EncodeToString(b.Bytes()))
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

// number writes v with at most two decimals, which is finer than a screen shows.
func number(v float64) string {
	v = math.Round(v*100) / 100
	if v == 0 {
		v = 0 // no minus sign
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// place writes a place in the picture, to a tenth of a pixel.
func place(v float64) string { return number(math.Round(v*10) / 10) }

func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // writing to a bytes.Buffer returns no error
	return b.String()
}

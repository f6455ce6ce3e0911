package figure

import (
	"fmt"
	"image"
	"math"
	"strings"

	"convbook/pkg/internal/bilingual"
	"convbook/pkg/ndarray"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The widest that a grid of images becomes, in CSS pixels, and about how large
// its images are, and one that stands alone.
const (
	gridWidth vg.Length = 680
	gridTile  vg.Length = 84
	loneTile  vg.Length = 168
	gridGap   vg.Length = 10
)

// ImageGrid draws images, of shape (N,1,H,W), (N,H,W) or (H,W), in rows of cols,
// each with its caption under it. Captions may be nil, or fewer than the images;
// long ones are broken into lines. Pixels keep hard edges. Black is 0 and white is
// 1 when all values lie there, else the lowest and the highest value, which a scale under the
// images tells; ValueRange, OwnScale and Inverted change that. The images are as large as Size lets them be, or else
// such that single pixels are seen. It panics with a *ndarray.ShapeError when the images
// have another shape, and when cols is below 1.
func ImageGrid[T ndarray.Float](images *ndarray.Array[T], cols int, captions []string, opts ...Option) *Figure {
	checkColumns("figure.ImageGrid", cols)
	n, h, w := stack("figure.ImageGrid", images)
	if len(captions) > n {
		panic(fmt.Sprintf("figure.ImageGrid: %d captions for %d images", len(captions), n))
	}
	var o options
	o.apply(opts)
	shades := spanOf(images.Data(), o.valueRange)
	tiles, kind, spans := make([]tile, n), "grey", []span{shades}
	if o.inverted {
		kind = "inverted"
	}
	if o.ownScale {
		spans = nil
	}
	for i := range tiles {
		pixels := images.Data()[i*h*w : (i+1)*h*w]
		if o.ownScale {
			shades = extent(pixels)
			spans = append(spans, shades)
		}
		tiles[i].image = greyImage(pixels, w, h, shades, o.inverted)
		if i < len(captions) {
			tiles[i].caption = bilingual.Of(captions[i])
		}
	}
	return gridFigure(&o, tiles, cols, w, h, o.greyScale(shades), toldShades(kind, images.Data()[:n*h*w], spans))
}

// tile is one image of a grid with the text under it.
type tile struct {
	image   image.Image
	caption bilingual.Text
}

// foot is drawn under a grid.
type foot struct {
	height vg.Length
	draw   func(draw.Canvas, form)
}

// gridFigure lays tiles out in rows of cols; the images are w by h pixels. A pixel
// of an image covers a whole number of units unless the images are too large.
func gridFigure(o *options, tiles []tile, cols, w, h int, under *foot, told shadesTold) *Figure {
	cols = max(1, min(cols, len(tiles)))
	return &Figure{heading: o.heading(), shows: gridWords(tiles, cols, w, h), layout: func(in form) drawing {
		d := layGrid(o, tiles, cols, w, h, under, in)
		paint := d.paint
		d.paint = func(c draw.Canvas) {
			paint(c)
			told.tell(teller(c), tiles, w, h)
		}
		return d
	}}
}

// layGrid puts tiles in their places.
func layGrid(o *options, tiles []tile, cols, w, h int, under *foot, in form) drawing {
	above := o.heading()
	if in.narrow {
		cols = fewerColumns(tiles, cols, max(w, h), in)
	}
	l := gridLayout{cols: cols, rows: (len(tiles) + cols - 1) / cols, form: in}
	width, height := l.sized(o, tiles, w, h, under), vg.Length(0)
	inner := l.width()
	if above != (heading{}) || under != nil {
		inner = max(inner, 220)
	}
	if in.narrow {
		width = in.inner()
		height = above.height(width, in) + l.height(under)
	} else if width = max(width-2*margin, inner); o.width > 0 {
		height = o.height - 2*margin
		width = o.width - 2*margin
	} else {
		height = above.height(width, in) + l.height(under)
	}
	return in.around(width, height, func(c draw.Canvas) {
		c = above.draw(c, in)
		left := c.Center().X - l.width()/2
		top := c.Max.Y - max(0, c.Size().Y-l.height(under))/2
		places := make([]vg.Rectangle, len(tiles))
		for i, t := range tiles {
			x := left + vg.Length(i%cols)*(l.cell+l.gap()) + (l.cell-l.imageW)/2
			if i > 0 && i%cols == 0 {
				top -= l.imageH + l.captionH[i/cols-1] + l.gap()
			}
			places[i] = vg.Rectangle{Min: vg.Point{X: x, Y: top - l.imageH}, Max: vg.Point{X: x + l.imageW, Y: top}}
			c.DrawImage(places[i], t.image)
		}
		for _, r := range places {
			c.StrokeLines(draw.LineStyle{Color: gridInk, Width: 0.6}, outline(r))
		}
		for i, r := range places {
			for k, line := range l.captions[i] {
				c.FillText(aligned(captionStyle(), draw.XCenter, draw.YTop), vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: r.Min.Y - 3 - captionPitch*vg.Length(k)}, line)
			}
		}
		if under != nil {
			bottom := c
			bottom.Max.Y = c.Min.Y + under.height
			under.draw(bottom, in)
		}
	})
}

// gap is between the tiles of a grid.
func (f form) gap() vg.Length {
	if f.narrow {
		return 6
	}
	return gridGap
}

func (l gridLayout) gap() vg.Length { return l.form.gap() }

// share is the width of each of so many tiles in a row.
func (f form) share(width vg.Length, tiles int) vg.Length {
	return (width+f.gap())/vg.Length(tiles) - f.gap()
}

// fewerColumns is how many tiles stand beside each other in a narrow figure: a divisor of what
// was asked for, where that is not too few, so that rows stay together.
func fewerColumns(tiles []tile, cols, longest int, in form) int {
	// Small images, as filters are, can be smaller than others.
	least, style := max(30, min(8*vg.Length(longest), 48)), captionStyle()
	for _, t := range tiles {
		for _, word := range strings.Fields(in.text(t.caption)) {
			least = max(least, min(style.Width(word), 66))
		}
	}
	most := cols
	for most > 1 && in.share(in.inner(), most) < least {
		most--
	}
	for n := most; 2*n > most; n-- {
		if cols%n == 0 {
			return n
		}
	}
	return most
}

// gridLayout is where the tiles of a grid stand.
type gridLayout struct {
	form           form
	cols, rows     int
	imageW, imageH vg.Length
	cell           vg.Length // the width of a tile with its caption
	captions       [][]string
	captionH       []vg.Length // of each row
}

const captionPitch = tickSize + 2

func captionStyle() draw.TextStyle { return textStyle(tickSize, ink) }

// sized chooses how large the images are: by Size, where it is given, the largest that
// fit; else so large that single pixels are seen.
func (l *gridLayout) sized(o *options, tiles []tile, w, h int, under *foot) (width vg.Length) {
	longest := vg.Length(max(w, h))
	if l.form.narrow {
		room := l.room(NarrowWidth)
		l.lay(tiles, w, h, scaled(min(room, loneTile)/longest, min(room/vg.Length(w), max(room, 8)/longest)), room)
		return 0
	}
	if o.width == 0 {
		room := l.room(gridWidth)
		target := max(gridTile, min(2*longest, loneTile)) // two units for a pixel, at least
		if len(tiles) == 1 {
			target = loneTile
		}
		l.lay(tiles, w, h, scaled(min(room, target)/longest, max(room, 8)/longest), room)
		return 0
	}
	room := max(l.room(o.width), 1)
	tall := o.height - 2*margin - o.heading().height(o.width-2*margin, l.form)
	for scale := scaled(room/vg.Length(w), room/vg.Length(w)); ; {
		l.lay(tiles, w, h, scale, room)
		if l.height(under) <= tall || scale*longest <= 8 {
			return o.width
		}
		scale = scaled(scale*0.97, scale*0.97)
	}
}

// room is the width that a tile has in a figure of the given width.
func (l *gridLayout) room(width vg.Length) vg.Length {
	return l.form.share(width-2*l.form.margin(), l.cols)
}

// scaled returns the whole number of units in a scale, or, where there is none, the
// other scale.
func scaled(scale, small vg.Length) vg.Length {
	if whole := vg.Length(math.Floor(float64(scale))); whole >= 1 {
		return whole
	}
	return small
}

// lay breaks the captions for images of a scale.
func (l *gridLayout) lay(tiles []tile, w, h int, scale, room vg.Length) {
	l.imageW, l.imageH = scale*vg.Length(w), scale*vg.Length(h)
	style := captionStyle()
	l.cell = l.imageW
	for _, t := range tiles {
		for _, word := range strings.Fields(l.form.text(t.caption)) {
			l.cell = max(l.cell, min(style.Width(word), max(room, l.imageW)))
		}
	}
	l.captions, l.captionH = make([][]string, len(tiles)), make([]vg.Length, l.rows)
	for i, t := range tiles {
		l.captions[i] = l.form.fitted(style, t.caption, l.cell)
		if n := len(l.captions[i]); n > 0 {
			l.captionH[i/l.cols] = max(l.captionH[i/l.cols], captionPitch*vg.Length(n)+4)
		}
	}
}

func (l *gridLayout) width() vg.Length { return vg.Length(l.cols)*(l.cell+l.gap()) - l.gap() }

// height is that of all rows and of what stands under them.
func (l *gridLayout) height(under *foot) vg.Length {
	height := vg.Length(max(l.rows-1, 0)) * l.gap()
	for _, caption := range l.captionH {
		height += l.imageH + caption
	}
	if under != nil {
		height += gridGap + under.height
	}
	return height
}

// fitted breaks a caption into lines of the given width and shortens the words
// that are longer.
func (f form) fitted(style draw.TextStyle, caption bilingual.Text, width vg.Length) (all []string) {
	said := []string{f.text(caption)}
	if !f.english && caption.Korean != "" && style.Width(bounded(said[0])) > width {
		said = []string{caption.English, caption.Korean}
	}
	for _, text := range said {
		for _, line := range wrapped(style, text, width) {
			all = append(all, shortened(style, line, width))
		}
	}
	return all
}

package figure

import (
	"fmt"
	"image"
	"math"
	"strings"

	"convbook/pkg/ndarray"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The widest that a grid of images becomes, in CSS pixels, and about how large
// its images are.
const (
	gridWidth vg.Length = 680
	gridTile  vg.Length = 84
	gridGap   vg.Length = 10
)

// ImageGrid draws images, of shape (N,1,H,W), (N,H,W) or (H,W), in rows of cols,
// each with its caption under it. Captions may be nil, or fewer than the images;
// long ones are broken into lines. Pixels keep hard edges. Black is 0 and white is
// 1 when all values lie there, else the lowest and the highest value; ValueRange,
// OwnScale and Inverted change that. It panics with a *ndarray.ShapeError when the images
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
	tiles := make([]tile, n)
	for i := range tiles {
		pixels := images.Data()[i*h*w : (i+1)*h*w]
		if o.ownScale {
			shades = extent(pixels)
		}
		tiles[i].image = greyImage(pixels, w, h, shades, o.inverted)
		if i < len(captions) {
			tiles[i].caption = captions[i]
		}
	}
	return gridFigure(&o, tiles, cols, w, h, nil)
}

// tile is one image of a grid with the text under it.
type tile struct {
	image   image.Image
	caption string
}

// foot is drawn under a grid.
type foot struct {
	height vg.Length
	draw   func(draw.Canvas)
}

// gridFigure lays tiles out in rows of cols; the images are w by h pixels. A pixel
// of an image covers a whole number of units unless the images are too large.
func gridFigure(o *options, tiles []tile, cols, w, h int, under *foot) *Figure {
	cols = max(1, min(cols, len(tiles)))
	room := (gridWidth-2*margin+gridGap)/vg.Length(cols) - gridGap
	scale := vg.Length(math.Floor(float64(min(room, gridTile)) / float64(max(w, h))))
	if scale < 1 {
		scale = max(room, 8) / vg.Length(max(w, h))
	}
	if len(tiles) == 1 {
		scale = max(scale, vg.Length(math.Floor(280/float64(max(w, h)))))
	}
	imageW, imageH := scale*vg.Length(w), scale*vg.Length(h)

	style := textStyle(tickSize, ink)
	cell := imageW
	for _, t := range tiles {
		for _, word := range strings.Fields(t.caption) {
			cell = max(cell, min(style.Width(word), max(room, imageW)))
		}
	}
	rows := (len(tiles) + cols - 1) / cols
	const pitch = tickSize + 2
	captions := make([][]string, len(tiles))
	captionH := make([]vg.Length, rows)
	for i, t := range tiles {
		captions[i] = fitted(style, t.caption, cell)
		if n := len(captions[i]); n > 0 {
			captionH[i/cols] = max(captionH[i/cols], pitch*vg.Length(n)+4)
		}
	}

	width := vg.Length(cols)*(cell+gridGap) - gridGap
	if o.heading() != (heading{}) {
		width = max(width, 220)
	}
	if under != nil {
		width = max(width, 220)
	}
	above := o.heading()
	height := above.height(width) + vg.Length(max(rows-1, 0))*gridGap
	for _, caption := range captionH {
		height += imageH + caption
	}
	if under != nil {
		height += gridGap + under.height
	}
	return &Figure{heading: above, width: width + 2*margin, height: height + 2*margin, paint: func(c draw.Canvas) {
		c = above.draw(c)
		left := c.Center().X - (vg.Length(cols)*(cell+gridGap)-gridGap)/2
		top := c.Max.Y
		for i, t := range tiles {
			x := left + vg.Length(i%cols)*(cell+gridGap) + (cell-imageW)/2
			if i > 0 && i%cols == 0 {
				top -= imageH + captionH[i/cols-1] + gridGap
			}
			r := vg.Rectangle{Min: vg.Point{X: x, Y: top - imageH}, Max: vg.Point{X: x + imageW, Y: top}}
			c.DrawImage(r, t.image)
			c.StrokeLines(draw.LineStyle{Color: gridInk, Width: 0.6}, outline(r))
			for k, line := range captions[i] {
				c.FillText(aligned(style, draw.XCenter, draw.YTop), vg.Point{X: x + imageW/2, Y: top - imageH - 3 - pitch*vg.Length(k)}, line)
			}
		}
		if under != nil {
			bottom := c
			bottom.Max.Y = c.Min.Y + under.height
			under.draw(bottom)
		}
	}}
}

// fitted breaks a caption into lines of the given width and shortens the words
// that are longer.
func fitted(style draw.TextStyle, caption string, width vg.Length) []string {
	if strings.TrimSpace(caption) == "" {
		return nil
	}
	lines := wrapped(style, caption, width)
	for i, line := range lines {
		lines[i] = shortened(style, line, width)
	}
	return lines
}

package figure

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"

	"convbook/pkg/internal/bilingual"
	"convbook/pkg/ndarray"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ConfusionMatrix draws how often images of one class (the row) were taken for
// another (the column). The diagonal is blue and the rest vermillion, the darker
// the larger the share of its row; the errors are deepened (by a square root) so
// that few of them can be seen. It panics unless counts is square and there are as
// many classes, or none, which numbers them.
func ConfusionMatrix(counts [][]int, classes []string, opts ...Option) *Figure {
	if classes == nil {
		for i := range counts {
			classes = append(classes, strconv.Itoa(i))
		}
	}
	m := matrix{rows: classes, columns: classes, cells: make([][]cell, len(counts))}
	for i, row := range counts {
		if len(row) != len(counts) || len(classes) != len(counts) {
			panic(fmt.Sprintf("figure.ConfusionMatrix: row %d of %d has %d counts for %d classes: all three must be equal",
				i, len(counts), len(row), len(classes)))
		}
		total := 0
		for _, n := range row {
			total += n
		}
		m.cells[i] = make([]cell, len(row))
		for j, n := range row {
			share, full := float64(n)/math.Max(float64(total), 1), palette[0]
			if i != j {
				share, full = math.Sqrt(share), palette[1]
			}
			m.cells[i][j] = shaded(strconv.Itoa(n), full, share)
		}
	}
	o := options{xLabel: "taken for", yLabel: "true class"}
	o.apply(opts)
	return m.figure(&o, nil)
}

// HeatMap draws a table of values, of shape (rows, columns), as shades of blue with
// the value in each cell: the accuracies of a sweep over two settings. The shades
// reach from the lowest to the highest value, or over ValueRange; a value that is
// not finite leaves its cell grey. XLabel and YLabel name the settings. It panics
// with a *ndarray.ShapeError when the values do not have two axes, and when there
// are not as many names as rows and columns; nil numbers them.
func HeatMap[T ndarray.Float](values *ndarray.Array[T], rows, columns []string, opts ...Option) *Figure {
	shape := values.Shape()
	if len(shape) != 2 {
		panic(&ndarray.ShapeError{Op: "figure.HeatMap", Got: shape, Want: []int{-1, -1}})
	}
	numbered := func(names []string, n int, what string) []string {
		if names == nil {
			for i := range n {
				names = append(names, strconv.Itoa(i))
			}
		}
		if len(names) != n {
			panic(fmt.Sprintf("figure.HeatMap: %d names for %d %s", len(names), n, what))
		}
		return names
	}
	m := matrix{rows: numbered(rows, shape[0], "rows"), columns: numbered(columns, shape[1], "columns"), cells: make([][]cell, shape[0])}
	var o options
	o.apply(opts)
	all := extent(values.Data())
	shades := all
	if o.valueRange != nil {
		shades = span{o.valueRange[0], o.valueRange[1]}
	}
	text := uniform(values.Data())
	for i := range m.cells {
		m.cells[i] = make([]cell, shape[1])
		for j := range m.cells[i] {
			if v := float64(values.At(i, j)); finite(v) {
				m.cells[i][j] = shaded(text(v), palette[0], shades.share(v))
			} else {
				m.cells[i][j] = cell{text: "–", fill: gridInk, ink: softCellInk}
			}
		}
	}
	colors := make(color.Palette, 64)
	for i := range colors {
		colors[i] = tint(palette[0], float64(i)/float64(len(colors)-1))
	}
	return m.figure(&o, &colorScale{colors: colors, low: text(shades.low), high: text(shades.high)})
}

// matrix is a table of coloured cells with names for its rows and columns.
type matrix struct {
	rows, columns []string
	cells         [][]cell
	// what is along the sides
	xLabel, yLabel bilingual.Text
}

type cell struct {
	text string
	fill color.NRGBA
	ink  color.NRGBA
}

// shaded returns a cell of the given share of a colour, with an ink that is
// legible on it.
func shaded(text string, full color.NRGBA, share float64) cell {
	fill := tint(full, share)
	return cell{text: text, fill: fill, ink: inkOn(fill)}
}

// inkOn is white or the dark ink, whichever stands out more from a colour.
func inkOn(fill color.NRGBA) color.NRGBA {
	white := color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
	light, dark, ground := luminance(white)+0.05, luminance(cellInk)+0.05, luminance(fill)+0.05
	if light/ground > ground/dark {
		return white
	}
	return cellInk
}

// luminance is how bright a colour is, from 0 to 1: the relative luminance of WCAG 2.
func luminance(c color.NRGBA) float64 {
	linear := func(channel uint8) float64 {
		v := float64(channel) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// tint mixes a colour with white: share 0 is white and 1 the colour.
func tint(full color.NRGBA, share float64) color.NRGBA {
	return mixed(color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}, full, share)
}

// cellSizes are the sides of cells without text: such that a table of many rows and
// columns is no larger than a page, and its cells are square unless it is long and thin.
func cellSizes(rows, columns int) (w, h vg.Length) {
	const widest, highest = 720, 900
	w = min(12, max(widest/vg.Length(max(columns, 1)), 0.25))
	h = min(12, max(highest/vg.Length(max(rows, 1)), 0.25))
	if w > 4*h || h > 4*w {
		return w, h
	}
	return min(w, h), min(w, h)
}

// mostNamed is the number of rows and columns up to which each has room for its name.
const mostNamed = 64

// maxCellTexts is the number of rows and columns up to which cells hold text.
const maxCellTexts = 26 // the letters

func (m matrix) figure(o *options, scale *colorScale) *Figure {
	m.xLabel, m.yLabel = bilingual.Of(o.xLabel), bilingual.Of(o.yLabel)
	return &Figure{heading: o.heading(), shows: m.words(o, scale), layout: func(in form) drawing { return m.lay(o, scale, in) }}
}

func (m matrix) drawCells(c draw.Canvas, origin vg.Point, t table) {
	if len(m.rows) == 0 || len(m.columns) == 0 {
		return
	}
	img := image.NewNRGBA(image.Rect(0, 0, len(m.columns), len(m.rows)))
	for i, row := range m.cells {
		for j, cell := range row {
			img.SetNRGBA(j, i, cell.fill)
		}
	}
	size := t.size()
	cells := vg.Rectangle{Min: vg.Point{X: origin.X, Y: origin.Y - size.Y}, Max: vg.Point{X: origin.X + size.X, Y: origin.Y}}
	c.DrawImage(cells, img)
	m.tell(teller(c), cells)
	c.StrokeLines(draw.LineStyle{Color: axisInk, Width: 0.8}, outline(cells))
	for i, row := range t.texts {
		for j, text := range row {
			style := aligned(textStyle(tickSize, m.cells[i][j].ink), draw.XCenter, draw.YCenter)
			c.FillText(style, vg.Point{X: origin.X + t.cellW*(vg.Length(j)+0.5), Y: origin.Y - t.cellH*(vg.Length(i)+0.5)}, text)
		}
	}
}

package figure

import (
	"fmt"
	"image"
	"math"
	"strconv"

	"convbook/pkg/internal/bilingual"
	"convbook/pkg/ndarray"

	"convbook/pkg/internal/shapes"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Windows draws what im2col does to one image, of shape (C, H, W) or (H, W): on
// the left the channels with their padding and the first, second and last window
// framed; on the right the matrix that im2col makes of it, one row for each
// window, with the rows of the framed windows in the same colours. Windows are
// filterH by filterW, stride apart, on an image padded by pad zeros on every side.
// Small images of whole numbers have the numbers in their cells. Of a large matrix some rows
// and columns are drawn. It panics with a
// *ndarray.ShapeError when the image has another shape or the windows do not fit, and
// when pad is above 256.
func Windows[T ndarray.Float](img *ndarray.Array[T], filterH, filterW, stride, pad int, opts ...Option) *Figure {
	shape := img.Shape()
	if len(shape) == 2 {
		shape = []int{1, shape[0], shape[1]}
	}
	if len(shape) != 3 || img.Size() == 0 {
		panic(&ndarray.ShapeError{Op: "figure.Windows", Got: img.Shape(), Want: []int{-1, -1, -1},
			Hint: "one image, of shape (C, H, W) or (H, W)"})
	}
	if pad > widestPad {
		panic(fmt.Sprintf("figure.Windows: pad %d: it can be at most %d", pad, widestPad))
	}
	if filterH < 1 || filterW < 1 || stride < 1 || pad < 0 || filterH > shape[1]+2*pad || filterW > shape[2]+2*pad {
		panic(&ndarray.ShapeError{Op: fmt.Sprintf("figure.Windows with stride %d and pad %d", stride, pad),
			Got: img.Shape(), Want: []int{filterH, filterW}, Hint: "the window must fit into the padded image"})
	}
	var o options
	o.apply(opts)
	w := windows{
		channels: shape[0], height: shape[1] + 2*pad, width: shape[2] + 2*pad, pad: pad,
		filterH: filterH, filterW: filterW, stride: stride,
		outH: (shape[1]+2*pad-filterH)/stride + 1, outW: (shape[2]+2*pad-filterW)/stride + 1,
	}
	shades := spanOf(img.Data(), o.valueRange)
	w.sheets = make([]*image.Gray, w.channels)
	for ch := range w.sheets {
		inner := greyImage(img.Data()[ch*shape[1]*shape[2]:], shape[2], shape[1], shades, o.inverted)
		w.sheets[ch] = padded(inner, pad, greyImage([]float64{0}, 1, 1, shades, o.inverted).Pix[0])
	}
	w.matrix = w.im2col()
	if w.numbers = wholeNumbers(img.Data(), shape[0], shape[1], shape[2], pad); w.outH*w.outW > 25 || w.channels*filterH*filterW > 25 {
		w.numbers = nil
	}
	return w.figure(&o)
}

const widestPad = 256

// windows is an image with the windows that run over it.
type windows struct {
	channels, height, width, pad int // the size with padding
	filterH, filterW, stride     int
	outH, outW                   int // how many windows fit
	sheets                       []*image.Gray
	matrix                       *image.Gray
	numbers                      [][]int // of each channel with its padding; nil for none
}

// padded puts a border around an image.
func padded(inner *image.Gray, pad int, zero uint8) *image.Gray {
	size := inner.Bounds().Size()
	img := image.NewGray(image.Rect(0, 0, size.X+2*pad, size.Y+2*pad))
	for i := range img.Pix {
		img.Pix[i] = zero
	}
	for y := range size.Y {
		copy(img.Pix[(y+pad)*img.Stride+pad:], inner.Pix[y*inner.Stride:y*inner.Stride+size.X])
	}
	return img
}

// finest is how many rows and columns of the matrix are drawn at most. It is a few
// hundred pixels wide and high; all of a large one would take much more memory than the
// image that it is made of.
const finest = 2048

// matrixSize is the size of the matrix that im2col makes.
func (w windows) matrixSize() (rows, columns int) {
	return w.outH * w.outW, w.channels * w.filterH * w.filterW
}

// im2col returns the matrix of outH*outW rows and channels*filterH*filterW columns, or,
// of a large one, some of its rows and columns, evenly spread.
func (w windows) im2col() *image.Gray {
	rows, columns := w.matrixSize()
	m := image.NewGray(image.Rect(0, 0, min(columns, finest), min(rows, finest)))
	size := m.Bounds().Size()
	for i := range size.Y {
		row := i * rows / size.Y
		top, left := row/w.outW*w.stride, row%w.outW*w.stride
		for j := range size.X {
			column := j * columns / size.X
			within := column % (w.filterH * w.filterW)
			sheet := w.sheets[column/(w.filterH*w.filterW)]
			m.Pix[i*m.Stride+j] = sheet.Pix[(top+within/w.filterW)*sheet.Stride+left+within%w.filterW]
		}
	}
	return m
}

// framed lists the windows that are shown: the first, the second and the last.
func (w windows) framed() []int {
	last := w.outH*w.outW - 1
	switch last {
	case 0:
		return []int{0}
	case 1:
		return []int{0, 1}
	}
	return []int{0, 1, last}
}

func (w windows) figure(o *options) *Figure {
	return &Figure{heading: o.heading(), shows: w.words(), layout: func(in form) drawing { return w.lay(o, in) }}
}

// lay puts the channels and the matrix beside each other, in a narrow figure the channels
// above the matrix.
func (w windows) lay(o *options, in form) drawing {
	const gap, between vg.Length = 12, 34
	caption := aligned(textStyle(tickSize, ink), draw.XCenter, draw.YTop)
	captionH := caption.FontExtents().Height + 6
	rows, columns := w.matrixSize()
	names := vg.Length(64)
	if in.narrow {
		names = 0
	}
	for _, row := range w.framed() {
		names = max(names, caption.Width(w.rowName(row, in))+8)
	}
	across, step := vg.Length(1), vg.Point{}
	pixel := vg.Length(math.Max(1, math.Floor(200/float64(max(w.height, w.width)))))
	pixel = min(pixel, 24, max(1, 430/vg.Length(w.channels*w.height)))
	if in.narrow {
		across = vg.Length(min(w.channels, 4))
		pixel = min(pixel, (in.inner()-gap*(across-1))/across/vg.Length(w.width))
		if pixel > 1 {
			pixel = vg.Length(math.Floor(float64(pixel)))
		}
	}
	sheet := vg.Point{X: pixel * vg.Length(w.width), Y: pixel * vg.Length(w.height)}
	step = vg.Point{X: sheet.X + gap, Y: sheet.Y + gap}
	down := vg.Length(math.Ceil(float64(vg.Length(w.channels) / across)))
	sheets := vg.Point{X: across*step.X - gap, Y: down*step.Y - gap}
	matrix := vg.Point{X: min(380, 16*vg.Length(columns)), Y: min(max(sheets.Y, 160), 18*vg.Length(rows))}
	if w.numbers != nil {
		matrix.Y = max(matrix.Y, (numberH+1)*vg.Length(rows))
	}
	left := max(sheets.X, 130)
	width, body := left+between+matrix.X+names, max(sheets.Y, matrix.Y)+captionH
	if in.narrow {
		width = in.inner()
		matrix = vg.Point{X: min(matrix.X, width-names), Y: min(matrix.Y, 200)}
		if w.numbers != nil {
			matrix.Y = max(matrix.Y, (numberH+1)*vg.Length(rows))
		}
		body = sheets.Y + matrix.Y + 2*captionH + gap
	}
	above := o.heading()
	return in.around(width, above.height(width, in)+body, func(c draw.Canvas) {
		c = above.draw(c, in)
		middle := c.Max.Y - max(sheets.Y, matrix.Y)/2
		first := vg.Point{X: c.Min.X + (left-sheets.X)/2, Y: middle + sheets.Y/2}
		r := vg.Rectangle{Min: vg.Point{X: c.Min.X + left + between, Y: middle - matrix.Y/2}}
		if in.narrow {
			first = vg.Point{X: c.Center().X - sheets.X/2, Y: c.Max.Y}
			r.Min = vg.Point{X: c.Min.X + (width-names-matrix.X)/2, Y: c.Max.Y - sheets.Y - captionH - gap - matrix.Y}
		}
		r.Max = r.Min.Add(matrix)
		for i := range w.sheets {
			at := vg.Point{X: first.X + step.X*vg.Length(i%int(across)), Y: first.Y - step.Y*vg.Length(i/int(across))}
			w.drawSheet(c, i, vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - sheet.Y}, Max: vg.Point{X: at.X + sheet.X, Y: at.Y}}, pixel)
		}
		c.FillText(caption, vg.Point{X: first.X + sheets.X/2, Y: first.Y - sheets.Y - 5}, in.text(w.sheetCaption()))
		w.drawMatrix(c, r, in)
		c.FillText(caption, vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: r.Min.Y - 5}, "im2col: "+shapes.Text([]int{rows, columns}))
	})
}

// drawSheet draws a channel with its padding and the framed windows.
func (w windows) drawSheet(c draw.Canvas, channel int, r vg.Rectangle, pixel vg.Length) {
	c.DrawImage(r, w.sheets[channel])
	if w.numbers != nil {
		drawNumbers(c, r, w.sheets[channel], func(row, column int) int { return w.numbers[channel][row*w.width+column] })
	}
	c.StrokeLines(draw.LineStyle{Color: axisInk, Width: 0.8}, outline(r))
	if w.pad > 0 {
		c.StrokeLines(draw.LineStyle{Color: axisInk, Width: 0.8, Dashes: []vg.Length{3, 2}}, outline(inset(r, pixel*vg.Length(w.pad))))
	}
	for i, row := range w.framed() {
		w.frame(c, r, pixel, row, i)
	}
}

// drawMatrix draws the matrix with the rows of the framed windows, which have names.
func (w windows) drawMatrix(c draw.Canvas, r vg.Rectangle, in form) {
	c.DrawImage(r, w.matrix)
	if w.numbers != nil {
		drawNumbers(c, r, w.matrix, w.number)
	}
	c.StrokeLines(draw.LineStyle{Color: axisInk, Width: 0.8}, outline(r))
	for ch := 1; ch < w.channels; ch++ {
		x := r.Min.X + r.Size().X*vg.Length(ch)/vg.Length(w.channels)
		c.StrokeLine2(draw.LineStyle{Color: card, Width: 1}, x, r.Min.Y, x, r.Max.Y)
	}
	rows, _ := w.matrixSize()
	rowH := r.Size().Y / vg.Length(rows)
	style := aligned(textStyle(tickSize, ink), draw.XLeft, draw.YCenter)
	high := style.FontExtents().Height
	nameY := r.Max.Y + high
	for i, row := range w.framed() {
		strip := vg.Rectangle{Min: vg.Point{X: r.Min.X, Y: r.Max.Y - rowH*vg.Length(row+1)}, Max: vg.Point{X: r.Max.X, Y: r.Max.Y - rowH*vg.Length(row)}}
		c.StrokeLines(draw.LineStyle{Color: colorOf(i), Width: min(1.6, max(1, rowH/3))}, outline(inset(strip, min(0.8, rowH/4))))
		// Names of rows that are thinner than the text move down, out of each other's way.
		nameY = min((strip.Min.Y+strip.Max.Y)/2, nameY-high)
		style.Color = colorOf(i)
		c.FillText(style, vg.Point{X: r.Max.X + 6, Y: nameY}, w.rowName(row, in))
	}
}

// rowName is what a row of the matrix is called: its number alone where numbers in the cells
// of a narrow figure need the room.
func (w windows) rowName(row int, in form) string {
	name := in.text(bilingual.Of(fmt.Sprintf("row %d", row)))
	if _, columns := w.matrixSize(); in.narrow && w.numbers != nil && numberW*vg.Length(columns)+textStyle(tickSize, ink).Width(name)+8 > in.inner() {
		return strconv.Itoa(row)
	}
	return name
}

// imageShape is the shape of the image without its padding.
func (w windows) imageShape() string {
	return shapes.Text([]int{w.channels, w.height - 2*w.pad, w.width - 2*w.pad})
}

func (w windows) sheetCaption() bilingual.Text {
	text := bilingual.Text{English: w.imageShape()}
	if w.pad > 0 {
		text = text.With(", ", bilingual.Of(fmt.Sprintf("pad %d", w.pad)))
	}
	return text
}

// frame draws the outline of a window over a sheet that lies in r. The second frame is
// smaller, so that edges that it shares with the first or the last stay visible, and none
// lies over a number.
func (w windows) frame(c draw.Canvas, r vg.Rectangle, pixel vg.Length, row, index int) {
	top := r.Max.Y - pixel*vg.Length(row/w.outW*w.stride)
	left := r.Min.X + pixel*vg.Length(row%w.outW*w.stride)
	window := vg.Rectangle{
		Min: vg.Point{X: left, Y: top - pixel*vg.Length(w.filterH)},
		Max: vg.Point{X: left + pixel*vg.Length(w.filterW), Y: top},
	}
	c.StrokeLines(draw.LineStyle{Color: colorOf(index), Width: 2.4}, outline(inset(window, min(1.2+2.6*vg.Length(index%2), pixel/2))))
}

// inset returns r made smaller by d on every side.
func inset(r vg.Rectangle, d vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: r.Min.X + d, Y: r.Min.Y + d}, Max: vg.Point{X: r.Max.X - d, Y: r.Max.Y - d}}
}

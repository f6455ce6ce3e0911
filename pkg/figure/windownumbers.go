package figure

import (
	"image"
	"image/color"
	"math"
	"strconv"

	"convbook/pkg/ndarray"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The smallest cell that holds a number of two digits.
const (
	numberW vg.Length = 15
	numberH vg.Length = 13
)

// wholeNumbers returns the values of each channel with its padding, or nil where they are not
// all whole numbers of at most two digits, or too many to be read.
func wholeNumbers[T ndarray.Float](values []T, channels, height, width, pad int) [][]int {
	if len(values) > 100 {
		return nil
	}
	numbers := make([][]int, channels)
	for i, v := range values {
		if float64(v) != math.Trunc(float64(v)) || v < -9 || v > 99 {
			return nil
		}
		channel, y, x := i/(height*width), i/width%height, i%width
		if numbers[channel] == nil {
			numbers[channel] = make([]int, (height+2*pad)*(width+2*pad))
		}
		numbers[channel][(y+pad)*(width+2*pad)+x+pad] = int(v)
	}
	return numbers
}

// number is the value of the matrix in a row and a column.
func (w windows) number(row, column int) int {
	size := w.filterH * w.filterW
	y := row/w.outW*w.stride + column%size/w.filterW
	x := row%w.outW*w.stride + column%w.filterW
	return w.numbers[column/size][y*w.width+x]
}

// drawNumbers writes the values over the cells of an image that lies in r, where there is
// room for them.
func drawNumbers(c draw.Canvas, r vg.Rectangle, cells *image.Gray, number func(row, column int) int) {
	size := cells.Bounds().Size()
	cellW, cellH := r.Size().X/vg.Length(size.X), r.Size().Y/vg.Length(size.Y)
	if cellW < numberW || cellH < numberH {
		return
	}
	style := aligned(textStyle(tickSize, cellInk), draw.XCenter, draw.YCenter)
	for row := range size.Y {
		for column := range size.X {
			shade := cells.GrayAt(column, row).Y
			style.Color = inkOn(color.NRGBA{shade, shade, shade, 0xFF})
			at := vg.Point{X: r.Min.X + cellW*(vg.Length(column)+0.5), Y: r.Max.Y - cellH*(vg.Length(row)+0.5)}
			c.FillText(style, at, strconv.Itoa(number(row, column)))
		}
	}
}

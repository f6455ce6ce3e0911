package figure

import (
	"math"
	"strconv"
	"strings"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// table is where the cells and the names of a matrix stand.
type table struct {
	cellW, cellH              vg.Length
	texts                     [][]string // of the cells, nil for none
	rows, columns             []string
	rowNames                  vg.Length // the room of the names of rows
	columnNames               vg.Length
	lean                      bool // the names of columns are wider than these
	rowStride, columnStride   int
	above, under              []string // the names of the axes; above in a narrow figure
	beside                    []string
	left, foot                vg.Length
	aboveHeight, columnsUnder vg.Length
}

// shape lays a matrix out for a form.
func (m matrix) shape(o *options, in form) (t table) {
	names, label := textStyle(tickSize, ink), textStyle(labelSize, ink)
	xLabel, yLabel := bilingual.Of(o.xLabel), bilingual.Of(o.yLabel)
	t.cellW, t.cellH, t.texts = m.cellSize()
	t.rows, t.rowNames = in.names(m.rows)
	t.columns, t.columnNames = in.names(m.columns)
	t.left = t.rowNames + 8
	switch {
	case in.narrow:
		t.above = in.lines(label, yLabel, in.inner(), 3)
		t.aboveHeight = labelRoom(t.above)
		m.squeeze(&t, in)
	case yLabel.English != "":
		// It may be longer than the table, and then reaches down.
		t.beside = in.lines(label, yLabel, max(t.cellH*vg.Length(len(t.rows))+tickSize, 60), 1)
		t.left += labelRoom(t.beside) + 2
	}
	// Names that are wider than their column lean, unless short ones fit by leaving some out.
	t.lean = t.columnNames > t.cellW-4 && (t.texts != nil || t.columnNames > 40)
	t.rowStride, t.columnStride = stride(t.cellH, tickSize+2), stride(t.cellW, t.columnNames+3)
	t.columnsUnder = names.FontExtents().Height + 6
	if t.lean {
		t.columnStride = stride(t.cellW, tickSize+2)
		t.columnsUnder = t.columnNames*math.Sqrt2/2 + names.FontExtents().Height
		t.left += max(0, t.columnNames*math.Sqrt2/2-t.cellW/2-t.rowNames-8)
	}
	size := t.size()
	t.under = in.lines(label, xLabel, max(size.X, 150), 2)
	t.foot = t.columnsUnder + labelRoom(t.under)
	return t
}

// size is that of the cells together.
func (t table) size() vg.Point {
	return vg.Point{X: t.cellW * vg.Length(len(t.columns)), Y: t.cellH * vg.Length(len(t.rows))}
}

// cellSize is how large cells are where there is room, with their texts.
func (m matrix) cellSize() (w, h vg.Length, texts [][]string) {
	w, h = cellSizes(len(m.rows), len(m.columns))
	if len(m.rows) <= mostNamed && len(m.columns) <= mostNamed {
		w, h = tickSize+3, tickSize+3
	}
	if len(m.rows) > maxCellTexts || len(m.columns) > maxCellTexts {
		return w, h, nil
	}
	w, h = 34, 26
	if len(m.columns) > 16 {
		w, h = 22, 20
	}
	texts = make([][]string, len(m.cells))
	inside := textStyle(tickSize, ink)
	for i, row := range m.cells {
		for _, c := range row {
			texts[i] = append(texts[i], c.text)
			w = max(w, inside.Width(c.text)+min(10, w-16))
		}
	}
	return w, h, texts
}

// squeeze makes a table no wider than a narrow figure: its cells, then their texts.
func (m matrix) squeeze(t *table, in form) {
	overhang := max(0, t.columnNames*math.Sqrt2/2-t.rowNames-8)
	room := (in.inner() - t.left - overhang) / vg.Length(max(len(t.columns), 1))
	if t.cellW <= room {
		return
	}
	square := t.cellW == t.cellH
	t.cellW = room
	if square {
		t.cellH = room
	}
	if t.texts == nil {
		return
	}
	written := t.texts
	for decimals := 6; widestOf(t.texts) > room+2; decimals-- {
		if decimals < 0 {
			t.texts, t.cellH = nil, min(t.cellH, tickSize+3)
			return
		}
		t.texts = brief(written, decimals)
	}
}

// widestOf is the width of the widest text of a cell.
func widestOf(texts [][]string) (widest vg.Length) {
	inside := textStyle(tickSize, ink)
	for _, row := range texts {
		for _, text := range row {
			widest = max(widest, inside.Width(text))
		}
	}
	return widest
}

// brief writes numbers with so many decimals, and without the zero before the point where none
// reaches 1.
func brief(texts [][]string, decimals int) [][]string {
	short, shares := make([][]string, len(texts)), true
	for i, row := range texts {
		for _, text := range row {
			v, err := strconv.ParseFloat(text, 64)
			if _, fraction, found := strings.Cut(text, "."); err == nil && found && !strings.Contains(text, "e") {
				text = strconv.FormatFloat(v, 'f', min(decimals, len(fraction)), 64)
			}
			shares = shares && (err != nil || strings.HasPrefix(strings.TrimPrefix(text, "-"), "0."))
			short[i] = append(short[i], text)
		}
	}
	for _, row := range short {
		for j, text := range row {
			if shares {
				row[j] = strings.Replace(text, "0.", ".", 1)
			}
		}
	}
	return short
}

// lay puts the cells and the names in their places.
func (m matrix) lay(o *options, scale *colorScale, in form) drawing {
	t := m.shape(o, in)
	size, above := t.size(), o.heading()
	width := max(t.left+size.X, 210)
	if in.narrow {
		width = in.inner()
	}
	under := t.foot
	if scale != nil {
		under += scale.height() + 10
	}
	height := above.height(width, in) + t.aboveHeight + size.Y + under
	return in.around(width, height, func(c draw.Canvas) {
		c = above.draw(c, in)
		drawAbove(c, t.above)
		label := textStyle(labelSize, ink)
		origin := vg.Point{X: c.Min.X + t.left, Y: c.Max.Y - t.aboveHeight}
		m.drawCells(c, origin, t)
		t.drawNames(c, origin)
		below := origin.Y - size.Y - t.columnsUnder - 2
		for _, line := range t.under {
			half := label.Width(line) / 2
			at := max(c.Min.X+half, min(origin.X+size.X/2, c.Max.X-half))
			c.FillText(aligned(label, draw.XCenter, draw.YTop), vg.Point{X: at, Y: below}, line)
			below -= labelSize * 1.2
		}
		long := size.Y
		for _, line := range t.beside {
			long = max(long, label.Width(line))
		}
		drawLabel(c, t.beside, vg.Point{X: c.Min.X, Y: origin.Y - long/2}, math.Pi/2)
		if scale != nil {
			bottom := c
			bottom.Max.Y = c.Min.Y + scale.height()
			if size.X >= 210 {
				bottom.Min.X, bottom.Max.X = origin.X, origin.X+size.X
			}
			scale.draw(bottom, in)
		}
	})
}

// drawNames writes the names of the rows and columns.
func (t table) drawNames(c draw.Canvas, origin vg.Point) {
	names := textStyle(tickSize, ink)
	for i, name := range t.rows {
		if i%t.rowStride == 0 {
			c.FillText(aligned(names, draw.XRight, draw.YCenter), vg.Point{X: origin.X - 6, Y: origin.Y - t.cellH*(vg.Length(i)+0.5)}, name)
		}
	}
	style := aligned(names, draw.XCenter, draw.YTop)
	if t.lean {
		style = aligned(names, draw.XRight, draw.YCenter)
		style.Rotation = math.Pi / 4
	}
	for j, name := range t.columns {
		if j%t.columnStride == 0 {
			c.FillText(style, vg.Point{X: origin.X + t.cellW*(vg.Length(j)+0.5), Y: origin.Y - t.size().Y - 5}, name)
		}
	}
}

// longestName is how wide a name of a row or a column is at most.
const longestName vg.Length = 220

// names shortens names that are too long, and returns the width of the widest. All are in English only where one
// has no room for both languages.
func (f form) names(names []string) (fitted []string, widest vg.Length) {
	style, longest := textStyle(tickSize, ink), longestName
	if f.narrow {
		longest = 90
	}
	for _, name := range names {
		f.english = f.english || style.Width(oneLine(f.text(bilingual.Of(name)))) > longest
	}
	for _, name := range names {
		name = shortened(style, oneLine(f.text(bilingual.Of(name))), longest)
		fitted, widest = append(fitted, name), max(widest, style.Width(name))
	}
	return fitted, widest
}

// stride is how many cells of the given size a name takes that needs more.
func stride(size, need vg.Length) int {
	return max(1, int(math.Ceil(float64(need/size))))
}

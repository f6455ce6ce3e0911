package figure

import (
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// svgPath is the data of a path: from its first point on in steps from point to point, to a
// tenth of a pixel, which is half as long as places are.
type svgPath struct {
	data    []byte
	command byte
	x, y    int // where it has come, in tenths
}

// path writes the path data in SVG's coordinates.
func (c *svgCanvas) path(p vg.Path) []byte {
	var d svgPath
	at := func(p vg.Point) (x, y int) {
		fx, fy := c.point(p)
		return int(math.Round(fx * 10)), int(math.Round(fy * 10))
	}
	for i, part := range p {
		switch part.Type {
		case vg.MoveComp:
			x, y := at(part.Pos)
			d.move(x, y)
		case vg.LineComp:
			x, y := at(part.Pos)
			d.line(x, y)
		case vg.CurveComp:
			letter := byte('q')
			if len(part.Control) == 2 {
				letter = 'c'
			}
			d.begin(letter)
			for _, point := range part.Control {
				x, y := at(point)
				d.add(x-d.x, y-d.y)
			}
			x, y := at(part.Pos)
			d.to(x, y)
		case vg.ArcComp:
			on := func(angle float64) (x, y int) {
				sin, cos := math.Sincos(angle)
				return at(vg.Point{X: part.Pos.X + part.Radius*vg.Length(cos), Y: part.Pos.Y + part.Radius*vg.Length(sin)})
			}
			x, y := on(part.Start)
			if i == 0 {
				d.move(x, y)
			} else if x != d.x || y != d.y {
				d.line(x, y)
			}
			// An arc of SVG cannot end where it starts, so a circle takes two halves.
			pieces := 1.0
			if math.Abs(part.Angle) > math.Pi {
				pieces = 2
			}
			radius, sweep := c.arc(part)
			for piece := 1.0; piece <= pieces; piece++ {
				x, y := on(part.Start + part.Angle*piece/pieces)
				d.begin('a')
				d.add(radius, radius, 0, 0, sweep)
				d.to(x, y)
			}
		case vg.CloseComp:
			d.data, d.command = append(d.data, 'z'), 'z'
		}
	}
	return d.data
}

// begin writes the letter of a command, where it is not the last one's.
func (d *svgPath) begin(command byte) {
	if command != d.command {
		d.data, d.command = append(d.data, command), command
	}
}

// add writes numbers that are in tenths. A minus sign parts two of them.
func (d *svgPath) add(numbers ...int) {
	for _, n := range numbers {
		last := d.data[len(d.data)-1]
		if n >= 0 && (last == '.' || last >= '0' && last <= '9') {
			d.data = append(d.data, ' ')
		}
		if n < 0 {
			d.data = append(d.data, '-')
			n = -n
		}
		if n >= 10 || n == 0 {
			d.data = strconv.AppendInt(d.data, int64(n/10), 10)
		}
		if n%10 != 0 {
			d.data = append(d.data, '.', byte('0'+n%10))
		}
	}
}

// to writes the end of a step.
func (d *svgPath) to(x, y int) {
	d.add(x-d.x, y-d.y)
	d.x, d.y = x, y
}

func (d *svgPath) move(x, y int) {
	d.data, d.command = append(d.data, 'M'), 'M'
	d.add(x, y)
	d.x, d.y = x, y
}

func (d *svgPath) line(x, y int) {
	switch {
	case y == d.y && x != d.x:
		d.begin('h')
		d.add(x - d.x)
	case x == d.x && y != d.y:
		d.begin('v')
		d.add(y - d.y)
	default:
		d.begin('l')
		d.add(x-d.x, y-d.y)
	}
	d.x, d.y = x, y
}

// arc is the radius of an arc, in tenths, and the flag of its direction, which is the other
// one because SVG's y axis points down.
func (c *svgCanvas) arc(part vg.PathComp) (radius, sweep int) {
	m := c.state.matrix
	det := m.xx*m.yy - m.xy*m.yx
	if (part.Angle > 0) == (det > 0) {
		sweep = 10
	}
	return int(math.Round(part.Radius.Points() * math.Sqrt(math.Abs(det)) * 10)), sweep
}

package dataset

import "math"

const side = 28 // pixels along one side of a drawn image

// point is a place on the canvas: x to the right and y down, both from -1 to 1.
type point struct{ x, y float64 }

// affine maps the drawing's coordinates to the canvas: it turns, scales, slants
// and shifts.
type affine struct{ xx, xy, yx, yy, dx, dy float64 }

func (a affine) at(p point) point {
	return point{a.xx*p.x + a.xy*p.y + a.dx, a.yx*p.x + a.yy*p.y + a.dy}
}

// canvas is a grey image with values from 0 to 1.
type canvas struct {
	grey [side * side]float64
	move affine
	gap  [side * side]float64 // squared distance of each pixel to the line being drawn
}

// halfPixel is half the width of a pixel on the canvas.
const halfPixel = 1.0 / side

// middle returns where the middle of a row or column of pixels is.
func middle(i int) float64 { return (float64(i)+0.5)/side*2 - 1 }

// before returns how many rows or columns have their middle before v.
func before(v float64) int {
	return int(min(max(math.Ceil((v+1)*side/2-0.5), 0), side))
}

// fill paints the inside of a polygon with what shade gives for each place.
func (c *canvas) fill(polygon []point, shade func(p point) float64) {
	moved := c.moved(polygon)
	c.far(halfPixel)
	top, bottom := math.Inf(1), math.Inf(-1)
	for i, a := range moved {
		c.near(a, moved[(i+1)%len(moved)], halfPixel)
		top, bottom = min(top, a.y), max(bottom, a.y)
	}
	for row := before(top - halfPixel); row < before(bottom+halfPixel); row++ {
		y, inside := middle(row), false
		crossings := crossed(moved, y)
		for column := side - 1; column >= 0; column-- {
			i := row*side + column
			inside = inside != crossings[column+1]
			distance := math.Sqrt(c.gap[i])
			if inside {
				distance = -distance
			}
			if distance < halfPixel {
				c.blend(i, distance, shade(point{middle(column), y}))
			}
		}
	}
}

// stroke paints a line of the given width along the points.
func (c *canvas) stroke(line []point, width, grey float64) {
	moved, reach := c.moved(line), width/2+halfPixel
	c.far(reach)
	for i := 1; i < len(moved); i++ {
		c.near(moved[i-1], moved[i], reach)
	}
	for i, gap := range c.gap {
		if gap < reach*reach {
			c.blend(i, math.Sqrt(gap)-width/2, grey)
		}
	}
}

func (c *canvas) moved(line []point) []point {
	moved := make([]point, len(line))
	for i, p := range line {
		moved[i] = c.move.at(p)
	}
	return moved
}

// blend lays grey over a pixel: wholly where the signed distance to the edge is
// half a pixel inside, not at all half a pixel outside.
func (c *canvas) blend(i int, distance, grey float64) {
	cover := min(max(0.5-distance*side/2, 0), 1)
	c.grey[i] += cover * (grey - c.grey[i])
}

// far puts every pixel out of reach.
func (c *canvas) far(reach float64) {
	for i := range c.gap {
		c.gap[i] = reach * reach
	}
}

// near brings the pixels within reach of the segment from a to b as near as
// they are to it. It looks at no others: in each row, at those beside the part
// of the segment that is within reach of the row.
func (c *canvas) near(a, b point, reach float64) {
	dx, dy := b.x-a.x, b.y-a.y
	scale := 0.0 // 1 / length^2
	if length := dx*dx + dy*dy; length > 0 {
		scale = 1 / length
	}
	for row := before(min(a.y, b.y) - reach); row < before(max(a.y, b.y)+reach); row++ {
		y, from, to := middle(row), a.x, b.x
		if dy != 0 {
			from = a.x + dx*min(max((y-reach-a.y)/dy, 0), 1)
			to = a.x + dx*min(max((y+reach-a.y)/dy, 0), 1)
		}
		for column := before(min(from, to) - reach); column < before(max(from, to)+reach); column++ {
			px, py := middle(column)-a.x, y-a.y
			t := min(max((px*dx+py*dy)*scale, 0), 1)
			px, py = px-t*dx, py-t*dy
			i := row*side + column
			c.gap[i] = min(c.gap[i], px*px+py*py)
		}
	}
}

// crossed tells where the edges of a polygon cross a row: crossings[n] when an
// odd number of them cross it with n pixels to the left.
func crossed(polygon []point, y float64) (crossings [side + 1]bool) {
	for i, a := range polygon {
		b := polygon[(i+1)%len(polygon)]
		if (a.y > y) != (b.y > y) {
			n := before(a.x + (b.x-a.x)*(y-a.y)/(b.y-a.y))
			crossings[n] = !crossings[n]
		}
	}
	return crossings
}

// arc returns points on a part of an ellipse, angles in turns from the right,
// clockwise.
func arc(x, y, rx, ry, from, to float64) []point {
	const steps = 12
	line := make([]point, steps+1)
	for i := range line {
		angle := 2 * math.Pi * (from + (to-from)*float64(i)/steps)
		line[i] = point{x + rx*math.Cos(angle), y + ry*math.Sin(angle)}
	}
	return line
}

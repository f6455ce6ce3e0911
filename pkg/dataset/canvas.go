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
}

// pixel returns the middle of a pixel.
func pixel(i int) point {
	return point{(float64(i%side)+0.5)/side*2 - 1, (float64(i/side)+0.5)/side*2 - 1}
}

// fill paints the inside of a polygon with what shade gives for each place.
func (c *canvas) fill(polygon []point, shade func(p point) float64) {
	moved := make([]point, len(polygon))
	for i, p := range polygon {
		moved[i] = c.move.at(p)
	}
	for i := range c.grey {
		p := pixel(i)
		c.blend(i, distance(p, moved), shade(p))
	}
}

// stroke paints a line of the given width along the points.
func (c *canvas) stroke(line []point, width, grey float64) {
	moved := make([]point, len(line))
	for i, p := range line {
		moved[i] = c.move.at(p)
	}
	for i := range c.grey {
		p, d := pixel(i), math.Inf(1)
		for k := 1; k < len(moved); k++ {
			d = min(d, toSegment(p, moved[k-1], moved[k]))
		}
		c.blend(i, d-width/2, grey)
	}
}

// blend lays grey over a pixel: wholly where the signed distance to the edge is
// half a pixel inside, not at all half a pixel outside.
func (c *canvas) blend(i int, distance, grey float64) {
	cover := min(max(0.5-distance*side/2, 0), 1)
	c.grey[i] += cover * (grey - c.grey[i])
}

// distance returns how far p is from the edge of a polygon, negative inside.
func distance(p point, polygon []point) float64 {
	d, inside := math.Inf(1), false
	for i, a := range polygon {
		b := polygon[(i+1)%len(polygon)]
		d = min(d, toSegment(p, a, b))
		if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(b.x-a.x)*(p.y-a.y)/(b.y-a.y) {
			inside = !inside
		}
	}
	if inside {
		return -d
	}
	return d
}

func toSegment(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = min(max(((p.x-a.x)*dx+(p.y-a.y)*dy)/length, 0), 1)
	}
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
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

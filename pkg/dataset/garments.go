package dataset

import (
	"math"

	"convbook/pkg/nprandom"
)

// drawGarment draws one of Fashion-MNIST's classes. The tops (T-shirt,
// pullover, coat, shirt) differ in sleeves, length and front, and overlap on
// purpose, as the real ones do.
func drawGarment(r *nprandom.RandomState, class int) *canvas {
	c := &canvas{move: pose(r, 0.06, 0.06, 0.07)}
	cloth := fabric(r)
	switch class {
	case 0:
		drawTop(r, c, cloth, top{sleeve: r.Uniform(0.2, 0.6), length: r.Uniform(0.55, 0.85)})
	case 1:
		drawTrouser(r, c, cloth)
	case 2:
		drawTop(r, c, cloth, top{sleeve: r.Uniform(0.85, 1.05), length: r.Uniform(0.55, 0.85)})
	case 3:
		drawDress(r, c, cloth)
	case 4:
		drawTop(r, c, cloth, top{sleeve: r.Uniform(0.85, 1.05), length: r.Uniform(0.65, 0.95), front: r.Uniform(0.2, 0.7)})
	case 5:
		drawSandal(r, c, cloth)
	case 6:
		sleeve := r.Uniform(0.25, 0.6)
		if r.Rand() < 0.6 {
			sleeve = r.Uniform(0.8, 1.05)
		}
		drawTop(r, c, cloth, top{sleeve: sleeve, length: r.Uniform(0.6, 0.9), front: r.Uniform(0, 0.3), buttons: true})
	case 7:
		drawShoe(r, c, cloth, r.Uniform(0.05, 0.3))
	case 8:
		drawBag(r, c, cloth)
	case 9:
		drawShoe(r, c, cloth, r.Uniform(0.4, 0.95))
	}
	return c
}

// fabric returns the grey of a cloth at each place: plain, or with stripes.
func fabric(r *nprandom.RandomState) func(p point) float64 {
	base, depth := r.Uniform(0.35, 0.95), 0.0
	if r.Rand() < 0.35 {
		depth = r.Uniform(0.1, 0.35)
	}
	angle, wave, phase := r.Uniform(0, math.Pi), r.Uniform(6, 16), r.Uniform(0, 2*math.Pi)
	sin, cos := math.Sincos(angle)
	shadeX, shadeY := r.Uniform(-0.15, 0.15), r.Uniform(-0.1, 0.1)
	return func(p point) float64 {
		v := base + shadeX*p.x + shadeY*p.y
		if depth > 0 {
			v *= 1 - depth*(0.5+0.5*math.Sin(wave*(p.x*cos+p.y*sin)+phase))
		}
		return v
	}
}

// mirrored closes the right half of an outline, given from top to bottom, with
// its mirror image.
func mirrored(right ...point) []point {
	outline := right
	for i := len(right) - 1; i >= 0; i-- {
		outline = append(outline, point{-right[i].x, right[i].y})
	}
	return outline
}

// top says what makes one kind of top: how long the sleeves and the body are
// (1 is the whole canvas), how dark the opening in front, buttons or none.
type top struct {
	sleeve, length, front float64
	buttons               bool
}

func drawTop(r *nprandom.RandomState, c *canvas, cloth func(point) float64, t top) {
	shoulder, waist, hem := r.Uniform(0.42, 0.56), r.Uniform(0.36, 0.5), r.Uniform(0.38, 0.55)
	neck, reach, bottom := r.Uniform(0.12, 0.24), r.Uniform(0.3, 0.5), 2*t.length-0.85
	drop := math.Sqrt(max(0.05, 1.69*t.sleeve*t.sleeve-reach*reach*t.sleeve*t.sleeve))
	cuffX, cuffY := shoulder+reach*t.sleeve, -0.65+drop
	width := r.Uniform(0.1, 0.16)
	c.fill(mirrored(
		point{neck, -0.85}, point{shoulder, -0.7}, point{cuffX + width/2, cuffY}, point{cuffX - width, cuffY + 0.06},
		point{waist, -0.2}, point{hem, bottom},
	), cloth)
	c.stroke(arc(0, -0.87, neck, r.Uniform(0.06, 0.2), 0, 0.5), 0.07, r.Uniform(0, 0.25))
	if t.front > 0 {
		c.stroke([]point{{0, -0.7}, {r.Uniform(-0.03, 0.03), bottom - 0.02}}, r.Uniform(0.04, 0.09), cloth(point{})*(1-t.front))
	}
	if t.buttons {
		for y := -0.55; y < bottom-0.1; y += 0.28 {
			c.stroke([]point{{0.02, y}, {0.03, y + 0.02}}, 0.06, r.Uniform(0.1, 0.9))
		}
	}
}

func drawTrouser(r *nprandom.RandomState, c *canvas, cloth func(point) float64) {
	waist, hip, cuff, gap := r.Uniform(0.22, 0.34), r.Uniform(0.3, 0.42), r.Uniform(0.1, 0.2), r.Uniform(0.02, 0.12)
	crotch := r.Uniform(-0.4, -0.1)
	c.fill(mirrored(
		point{waist, -0.9}, point{hip, -0.5}, point{gap + 2*cuff, 0.92}, point{gap, 0.92}, point{0.01, crotch},
	), cloth)
}

func drawDress(r *nprandom.RandomState, c *canvas, cloth func(point) float64) {
	shoulder, waist, hem := r.Uniform(0.2, 0.36), r.Uniform(0.16, 0.3), r.Uniform(0.28, 0.6)
	waistY := r.Uniform(-0.35, 0)
	c.fill(mirrored(
		point{shoulder - 0.1, -0.92}, point{shoulder, -0.9}, point{shoulder - 0.02, -0.5},
		point{waist, waistY}, point{hem, 0.92},
	), cloth)
	c.stroke(arc(0, -0.93, shoulder-0.1, r.Uniform(0.1, 0.3), 0, 0.5), 0.1, 0)
	if r.Rand() < 0.3 {
		for _, sign := range []float64{-1, 1} {
			c.stroke([]point{{sign * (shoulder - 0.04), -0.84}, {sign * (shoulder + 0.16), r.Uniform(-0.6, 0.1)}}, 0.15, cloth(point{}))
		}
	}
}

func drawSandal(r *nprandom.RandomState, c *canvas, cloth func(point) float64) {
	heel, arch := r.Uniform(0, 0.45), r.Uniform(-0.02, 0.1)
	sole := []point{{-0.85, 0.45}, {-0.2, 0.45 - arch}, {0.3, 0.35 - heel/2}, {0.8, 0.4 - heel}}
	grey := cloth(point{})
	c.stroke(sole, r.Uniform(0.08, 0.18), grey)
	c.stroke([]point{{0.75, 0.4 - heel}, {0.8, 0.48}}, r.Uniform(0.05, 0.2), grey)
	for range 2 + r.RandInt(0, 3) {
		x := r.Uniform(-0.7, 0.4)
		c.stroke([]point{{x, 0.38 - heel*max(0, x)}, {x + r.Uniform(0.1, 0.5), r.Uniform(-0.45, 0)}}, r.Uniform(0.06, 0.14), grey*r.Uniform(0.7, 1.1))
	}
	if r.Rand() < 0.6 {
		c.stroke([]point{{0.75, 0.35 - heel}, {0.7, -0.35}, {0.3, -0.25}}, 0.08, grey)
	}
}

// drawShoe draws a sneaker or, with a high shaft, an ankle boot.
func drawShoe(r *nprandom.RandomState, c *canvas, cloth func(point) float64, shaft float64) {
	toe, collar := r.Uniform(0, 0.14), 0.02-shaft
	tongue := r.Uniform(-0.05, 0.2)
	c.fill([]point{
		{-0.88, 0.5}, {-0.85, 0.2 + toe}, {-0.4, 0.1 + toe/2}, {tongue, collar}, {0.72, collar + r.Uniform(-0.06, 0.06)},
		{r.Uniform(0.74, 0.85), 0.2}, {0.85, 0.5},
	}, cloth)
	c.stroke([]point{{-0.85, 0.5}, {0.82, 0.5}}, r.Uniform(0.06, 0.16), r.Uniform(0.2, 1))
	if r.Rand() < 0.6 {
		c.stroke([]point{{-0.4, 0.15}, {tongue + 0.05, collar + 0.1}}, 0.06, r.Uniform(0, 0.9))
	}
	if r.Rand() < 0.3 {
		c.stroke([]point{{0.6, 0.5}, {0.7, 0.62 + shaft/6}}, 0.2, cloth(point{}))
	}
}

func drawBag(r *nprandom.RandomState, c *canvas, cloth func(point) float64) {
	width, height, taper := r.Uniform(0.5, 0.88), r.Uniform(0.3, 0.7), r.Uniform(-0.1, 0.15)
	upper := 0.75 - 2*height
	upper = max(upper, -0.45)
	if r.Rand() < 0.85 {
		c.stroke(arc(0, upper, width*r.Uniform(0.35, 0.75), r.Uniform(0.25, 0.55), 0.5, 1), r.Uniform(0.06, 0.12), cloth(point{}))
	}
	c.fill(mirrored(point{width - taper, upper}, point{width, 0.75}), cloth)
	if r.Rand() < 0.5 {
		y := upper + r.Uniform(0.1, 0.4)
		c.stroke([]point{{-width + taper, y}, {width - taper, y}}, 0.06, r.Uniform(0, 0.8))
	}
}

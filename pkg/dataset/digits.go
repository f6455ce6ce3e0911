package dataset

import "convbook/pkg/nprandom"

// drawDigit writes a digit with a pen of random width, in a random hand.
func drawDigit(r *nprandom.RandomState, class int) *canvas {
	c := &canvas{move: pose(r, 0.22, 0.3, 0.08)}
	width := r.Uniform(0.13, 0.26)
	for _, line := range strokes(r, class) {
		for i := range line {
			line[i].x += 0.03 * r.Randn()
			line[i].y += 0.03 * r.Randn()
		}
		c.stroke(line, width, r.Uniform(0.85, 1))
	}
	return c
}

// strokes returns the lines of a digit, with the proportions of one hand.
func strokes(r *nprandom.RandomState, digit int) [][]point {
	w := r.Uniform(0.3, 0.48) // half the width
	m := r.Uniform(-0.12, 0.12)
	switch digit {
	case 0:
		return [][]point{arc(0, 0, w, 0.68, 0.7, 1.7)}
	case 1:
		if r.Rand() < 0.4 {
			return [][]point{{{-w / 2, -0.45}, {0, -0.68}, {0, 0.68}}}
		}
		return [][]point{{{0, -0.68}, {0, 0.68}}}
	case 2:
		return [][]point{append(arc(0, -0.3, w, 0.38, 0.5, 1.08), point{-w, 0.66}, point{w, 0.66 + m/2})}
	case 3:
		return [][]point{arc(-0.05, -0.33, w, 0.35, 0.55, 1.22), arc(-0.05, 0.33, w*1.05, 0.36, 0.75, 1.45)}
	case 4:
		return [][]point{{{m, -0.68}, {-w, 0.15 + m}, {w, 0.15 + m/2}}, {{w * 0.55, -0.3}, {w * 0.45, 0.68}}}
	case 5:
		return [][]point{{{w, -0.66}, {-w * 0.8, -0.66}, {-w * 0.8, -0.05}}, arc(-0.08, 0.26, w, 0.4, 0.66, 1.4)}
	case 6:
		return [][]point{append([]point{{w * 0.6, -0.68}, {-w * 0.6, -0.2}}, arc(0, 0.3, w*0.95, 0.36, 0.5, 1.5)...)}
	case 7:
		lines := [][]point{{{-w, -0.64}, {w, -0.64 + m/2}, {-w * 0.3, 0.68}}}
		if r.Rand() < 0.25 {
			lines = append(lines, []point{{-w * 0.5, 0.02}, {w * 0.6, 0}})
		}
		return lines
	case 8:
		return [][]point{arc(0, -0.34, w*0.8, 0.32, 0.25, 1.25), arc(0, 0.34, w, 0.36, 0.75, 1.75)}
	default:
		return [][]point{append(arc(0, -0.3, w*0.9, 0.36, 1, 2), point{w * 0.7, 0.1 + m}, point{w * 0.4, 0.68})}
	}
}

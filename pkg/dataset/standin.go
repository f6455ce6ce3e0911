package dataset

import (
	"math"
	"runtime"
	"sync"

	"convbook/pkg/nprandom"
)

// How many images a stand-in has: as many as the real data sets.
const (
	standInTrain = 60000
	standInTest  = 10000
)

// drawStandIn draws a data set. Image i depends on i and the data set alone, so
// every run has the same images, on any number of processors.
func (e *entry) drawStandIn() *Data {
	draw, seed := drawGarment, uint32(70_000)
	if e.name == "mnist" {
		draw, seed = drawDigit, uint32(140_000)
	}
	return &Data{Name: e.name, Title: e.title, Classes: e.classes, StandIn: true,
		Source: "the program, which drew them for want of the real ones",
		Train:  drawSet(standInTrain, seed, draw), Test: drawSet(standInTest, seed+standInTrain, draw)}
}

// drawSet draws count images on all processors, each from a generator seeded
// with its own number.
func drawSet(count int, seed uint32, draw func(r *nprandom.RandomState, class int) *canvas) *Set {
	s := &Set{pixels: make([]uint8, count*side*side), labels: make([]uint8, count), height: side, width: side}
	var group sync.WaitGroup
	parts := runtime.GOMAXPROCS(0)
	for part := range parts {
		group.Go(func() {
			r := nprandom.New(0)
			for i := part * count / parts; i < (part+1)*count/parts; i++ {
				r.Seed(seed + uint32(i))
				class := r.RandInt(0, 10)
				s.labels[i] = uint8(class)
				expose(r, draw(r, class), s.Pixels(i))
			}
		})
	}
	group.Wait()
	return s
}

// expose turns a drawing into bytes, with grain on what was painted.
func expose(r *nprandom.RandomState, c *canvas, pixels []uint8) {
	film := film()
	film = film[r.RandInt(0, len(film)-len(c.grey)):]
	grain := r.Uniform(0.02, 0.14)
	for i, v := range c.grey {
		v += v * grain * film[i]
		pixels[i] = uint8(255*min(max(v, 0), 1) + 0.5)
	}
}

// film returns a strip of normal numbers. Every image takes its grain from some
// place of it: drawing 784 normal numbers for each would take longer than all
// the rest.
var film = sync.OnceValue(func() []float64 {
	r, strip := nprandom.New(0), make([]float64, 1<<14)
	for i := range strip {
		strip[i] = r.Randn()
	}
	return strip
})

// pose places a drawing on the canvas, a little turned, scaled, slanted and
// shifted.
func pose(r *nprandom.RandomState, turn, slant, shift float64) affine {
	angle, lean := r.Uniform(-turn, turn), r.Uniform(-slant, slant)
	sx, sy := r.Uniform(0.82, 1.05), r.Uniform(0.82, 1.05)
	sin, cos := math.Sincos(angle)
	return affine{
		xx: sx * cos, xy: sy * (lean*cos - sin), dx: r.Uniform(-shift, shift),
		yx: sx * sin, yy: sy * (lean*sin + cos), dy: r.Uniform(-shift, shift),
	}
}

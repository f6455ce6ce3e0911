package dataset

import (
	"fmt"
	"math"
	"math/rand/v2"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/internal/workers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// Augmentation says how images are changed at random, so that a network never sees
// the same one twice. The zero value changes nothing. The parts are applied to an
// image together, in the order of the fields, with bilinear interpolation; where an
// image has no pixels it is black. (book, section 8.1.2)
type Augmentation struct {
	Shift  float64 // moves by up to so many pixels along each axis
	Rotate float64 // turns by up to so many degrees, either way
	Scale  float64 // 0.1: from 0.9 to 1/0.9 times as large
	Flip   float64 // the probability of a mirror image, left for right
	Bend   float64 // moves parts of the image by up to so many pixels (Simard and others, 2003)
	Noise  float64 // the standard deviation of noise added to each pixel; the image ranges from 0 to 1

	// Seed is that of the random numbers, which are no others' concern: the
	// same batches are drawn with and without augmentation.
	Seed uint32
}

// IsZero reports whether nothing would be changed.
func (a Augmentation) IsZero() bool { return a == Augmentation{Seed: a.Seed} }

// Check reports a setting that makes no sense.
func (a Augmentation) Check() error {
	for _, s := range []struct {
		name        string
		value, most float64
	}{{"Shift", a.Shift, 1e4}, {"Rotate", a.Rotate, 180}, {"Scale", a.Scale, 0.99}, {"Flip", a.Flip, 1}, {"Bend", a.Bend, 1e4}, {"Noise", a.Noise, 1e4}} {
		if !(s.value >= 0 && s.value <= s.most) {
			return fmt.Errorf("dataset: Augmentation.%s is %v; want 0 to %v", s.name, s.value, s.most)
		}
	}
	return nil
}

// bends are the places along an axis at which Bend draws how far to move; between
// them the image follows smoothly.
const bends = 4

// change is what happens to one image.
type change struct {
	cos, sin, scale float64
	dy, dx          float64
	flip            bool
	bend            [2][bends * bends]float64 // by row and column, along y and x
}

// Augment changes a batch x (N, C, H, W) in place. step tells one batch from
// another: the same step of the same Augmentation changes the same images in the
// same way, on any number of processors.
func Augment[T ndarray.Float](x *ndarray.Array[T], a Augmentation, step int) {
	shapes.Check("Augment", x.Shape(), []int{-1, -1, -1, -1}, "images have the axes (N, C, H, W)")
	if a.IsZero() || x.Size() == 0 {
		return
	}
	rng := nprandom.New(a.Seed + 0x9e3779b9*uint32(step))
	n := x.Dim(0)
	changes, seeds := make([]change, n), make([]uint32, n)
	for i := range changes {
		changes[i] = a.draw(rng)
		seeds[i] = uint32(rng.RandInt(0, math.MaxUint32))
	}
	moves := a.Shift > 0 || a.Rotate > 0 || a.Scale > 0 || a.Flip > 0 || a.Bend > 0
	workers.NewJob("augment", func(i int) {
		image := x.Index(i)
		if moves {
			moved(image, &changes[i])
		}
		if a.Noise > 0 {
			// NumPy's normal numbers would take longer than the training.
			noise := rand.New(rand.NewPCG(uint64(seeds[i]), 0))
			for at, v := range image.Data() {
				image.Data()[at] = v + T(a.Noise*noise.NormFloat64())
			}
		}
	}).Run(n)
}

func (a Augmentation) draw(rng *nprandom.RandomState) change {
	angle := rng.Uniform(-a.Rotate, a.Rotate) * math.Pi / 180
	// As likely larger as smaller, and by the same factor.
	scale := math.Exp(rng.Uniform(-1, 1) * -math.Log(1-a.Scale))
	c := change{cos: math.Cos(angle), sin: math.Sin(angle), scale: scale,
		dy: rng.Uniform(-a.Shift, a.Shift), dx: rng.Uniform(-a.Shift, a.Shift), flip: rng.Rand() < a.Flip}
	if a.Bend > 0 {
		for axis := range c.bend {
			for i := range c.bend[axis] {
				c.bend[axis][i] = rng.Uniform(-a.Bend, a.Bend)
			}
		}
	}
	return c
}

// moved takes each pixel of an image (C, H, W) from where it was: it goes the way back
// from the changed image to the old one.
func moved[T ndarray.Float](image *ndarray.Array[T], c *change) {
	old := image.Clone()
	channels, h, w := image.Dim(0), image.Dim(1), image.Dim(2)
	middleY, middleX := float64(h-1)/2, float64(w-1)/2
	for row := range h {
		for col := range w {
			y, x := float64(row)-middleY-c.dy, float64(col)-middleX-c.dx
			y, x = (c.cos*y-c.sin*x)/c.scale, (c.sin*y+c.cos*x)/c.scale
			if c.flip {
				x = -x
			}
			u, v := float64(row)/float64(max(h-1, 1)), float64(col)/float64(max(w-1, 1))
			y, x = y+middleY+smooth(&c.bend[0], u, v), x+middleX+smooth(&c.bend[1], u, v)
			for channel := range channels {
				image.Set(T(between(old, channel, y, x)), channel, row, col)
			}
		}
	}
}

// smooth is the value of a grid of bends x bends numbers at u, v from 0 to 1, with
// an even slope at the grid's points.
func smooth(grid *[bends * bends]float64, u, v float64) float64 {
	cell := func(t float64) (low int, share float64) {
		t *= bends - 1
		low = min(int(t), bends-2)
		share = t - float64(low)
		return low, share * share * (3 - 2*share)
	}
	row, down := cell(u)
	col, right := cell(v)
	at := func(i, j int) float64 { return grid[(row+i)*bends+col+j] }
	return (1-down)*((1-right)*at(0, 0)+right*at(0, 1)) + down*((1-right)*at(1, 0)+right*at(1, 1))
}

// between interpolates between the four pixels around y, x.
func between[T ndarray.Float](image *ndarray.Array[T], channel int, y, x float64) float64 {
	h, w := image.Dim(1), image.Dim(2)
	top, left := math.Floor(y), math.Floor(x)
	down, right := y-top, x-left
	pixel := func(row, col float64) float64 {
		if row < 0 || col < 0 || row >= float64(h) || col >= float64(w) {
			return 0
		}
		return float64(image.Data()[(channel*h+int(row))*w+int(col)])
	}
	return (1-down)*((1-right)*pixel(top, left)+right*pixel(top, left+1)) +
		down*((1-right)*pixel(top+1, left)+right*pixel(top+1, left+1))
}

package scene

import (
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// Windows cuts n windows of size x size pixels out of the scenes, to train a
// network that is to know objects and background: x (n, 1, size, size), and in
// t the class of the object that a window shows, or nothing where it shows
// none or only a part of one. Every other window lies within two pixels of an
// object's box, the rest anywhere.
func (s *Scenes[T]) Windows(rng *nprandom.RandomState, n, size, nothing int) (x *ndarray.Array[T], t []int) {
	x, canvas := ndarray.Zeros[T](n, 1, size, size), s.Images.Dim(2)
	for len(t) < n {
		image := rng.RandInt(0, len(s.Boxes))
		window := Box{Y: rng.RandInt(0, canvas-size+1), X: rng.RandInt(0, canvas-size+1), Height: size, Width: size}
		if len(t)%2 == 0 {
			near := s.Boxes[image][rng.RandInt(0, len(s.Boxes[image]))]
			window.Y = min(max(near.Y+rng.RandInt(-2, 3), 0), canvas-size)
			window.X = min(max(near.X+rng.RandInt(-2, 3), 0), canvas-size)
		}
		class, ok := s.shown(image, window, nothing)
		if !ok {
			continue
		}
		for y := range size {
			row := s.Images.Index(image, 0, window.Y+y).Data()
			copy(x.Index(len(t), 0, y).Data(), row[window.X:window.X+size])
		}
		t = append(t, class)
	}
	return x, t
}

// shown gives the class of the object that fills a window, or nothing where the
// window holds at most a part of one; in between it is not ok.
func (s *Scenes[T]) shown(image int, window Box, nothing int) (class int, ok bool) {
	most, class := 0.0, nothing
	for _, box := range s.Boxes[image] {
		if overlap := box.Overlap(window); overlap > most {
			most, class = overlap, box.Class
		}
	}
	switch {
	case most >= 0.7:
		return class, true
	case most <= 0.6:
		return nothing, true
	}
	return nothing, false
}

package scene

import (
	"fmt"

	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// Background is the class of a pixel that belongs to no object.
const Background = -1

// visible is the least brightness, of 255, of a pixel that belongs to an object.
const visible = 32

// Scenes are canvases and what is on them.
type Scenes[T ndarray.Float] struct {
	Images *ndarray.Array[T] // (N, 1, size, size), from 0 to 1
	Boxes  [][]Box           // of each image
	Masks  [][]int           // of each image, the class of each pixel in row-major order
}

// Draw puts so many images of set at random places onto each of n black
// canvases of size x size pixels. They do not overlap. It panics when the
// canvas is too small for them: each wants twice its own area.
func Draw[T ndarray.Float](rng *nprandom.RandomState, set *dataset.Set, n, size, objects int) *Scenes[T] {
	_, h, w := set.Shape()
	if h > size || w > size || 2*objects*h*w > size*size {
		panic(fmt.Sprintf("scene.Draw: %d images of %dx%d do not fit on %dx%d pixels without overlapping: take a larger canvas or fewer images",
			objects, h, w, size, size))
	}
	s := &Scenes[T]{Images: ndarray.Zeros[T](n, 1, size, size)}
	for i := range n {
		boxes := places(rng, h, w, size, objects)
		mask := make([]int, size*size)
		for p := range mask {
			mask[p] = Background
		}
		canvas := s.Images.Index(i, 0).Data()
		for k := range boxes {
			index := rng.RandInt(0, set.Len())
			boxes[k].Class = set.Label(index)
			paste(canvas, mask, size, set.Pixels(index), boxes[k])
		}
		s.Boxes, s.Masks = append(s.Boxes, boxes), append(s.Masks, mask)
	}
	return s
}

// places draws boxes that do not overlap. Where the ones before leave no room it
// begins again.
func places(rng *nprandom.RandomState, h, w, size, objects int) []Box {
	for {
		var boxes []Box
		for range 100 * objects {
			if len(boxes) == objects {
				return boxes
			}
			box := Box{Y: rng.RandInt(0, size-h+1), X: rng.RandInt(0, size-w+1), Height: h, Width: w}
			free := true
			for _, other := range boxes {
				free = free && box.Overlap(other) == 0
			}
			if free {
				boxes = append(boxes, box)
			}
		}
	}
}

// paste copies the pixels of an image into its box.
func paste[T ndarray.Float](canvas []T, mask []int, size int, pixels []uint8, box Box) {
	for y := range box.Height {
		for x := range box.Width {
			at, pixel := (box.Y+y)*size+box.X+x, pixels[y*box.Width+x]
			canvas[at] = T(pixel) / 255
			if pixel >= visible {
				mask[at] = box.Class
			}
		}
	}
}

package scene

import (
	"slices"

	"convbook/pkg/ndarray"
)

// Box is a rectangle of pixels with the class of what is in it. Score is how
// sure a network is; it is 0 in a drawn scene.
type Box struct {
	Class               int
	Y, X, Height, Width int
	Score               float64
}

// Overlap returns the share that two boxes have in common: the area of their
// intersection over that of their union, 1 when they are equal.
func (b Box) Overlap(other Box) float64 {
	height := min(b.Y+b.Height, other.Y+other.Height) - max(b.Y, other.Y)
	width := min(b.X+b.Width, other.X+other.Width) - max(b.X, other.X)
	if height <= 0 || width <= 0 {
		return 0
	}
	common := height * width
	return float64(common) / float64(b.Height*b.Width+other.Height*other.Width-common)
}

// Suppress returns the boxes that are left when each, the surest first, removes
// those that overlap it by more than a share: non-maximum suppression. Boxes
// of other classes are removed, too, for one place holds one object here.
func Suppress(boxes []Box, share float64) []Box {
	boxes = slices.Clone(boxes)
	slices.SortStableFunc(boxes, func(a, b Box) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	var kept []Box
	for _, box := range boxes {
		if !slices.ContainsFunc(kept, func(k Box) bool { return k.Overlap(box) > share }) {
			kept = append(kept, box)
		}
	}
	return kept
}

// Detections counts how well found boxes answer to the true ones.
type Detections struct {
	Right  int // found, where it is and as what it is
	Class  int // found where it is, taken for another class
	Missed int // not found
	Extra  int // found where nothing is
}

// Compare adds the boxes of one image to d. A found box answers to the true one
// that it overlaps most, by half at least; each true one counts once.
func (d *Detections) Compare(found, truth []Box) {
	taken := make([]bool, len(truth))
	for _, box := range found {
		best, share := -1, 0.5
		for i, t := range truth {
			if overlap := box.Overlap(t); !taken[i] && overlap >= share {
				best, share = i, overlap
			}
		}
		switch {
		case best < 0:
			d.Extra++
		case box.Class == truth[best].Class:
			taken[best] = true
			d.Right++
		default:
			taken[best] = true
			d.Class++
		}
	}
	for _, t := range taken {
		if !t {
			d.Missed++
		}
	}
}

// Outline draws the border of a box into an image (H, W), one pixel wide; what lies
// outside of the image is left out.
func Outline[T ndarray.Float](image *ndarray.Array[T], box Box, brightness T) {
	set := func(y, x int) {
		if y >= 0 && y < image.Dim(0) && x >= 0 && x < image.Dim(1) {
			image.Set(brightness, y, x)
		}
	}
	for x := range box.Width {
		set(box.Y, box.X+x)
		set(box.Y+box.Height-1, box.X+x)
	}
	for y := range box.Height {
		set(box.Y+y, box.X)
		set(box.Y+y, box.X+box.Width-1)
	}
}

package scene

import (
	"maps"
	"slices"

	"convbook/pkg/ndarray"
)

// Segmentation counts pixels by true class and guess.
type Segmentation struct {
	right, truth, guess map[int]int
	pixels              int
}

// Compare adds the pixels of one image, whose true classes and guesses have the
// same order. Background is a class like the others.
func (s *Segmentation) Compare(guess, truth []int) {
	if s.right == nil {
		s.right, s.truth, s.guess = map[int]int{}, map[int]int{}, map[int]int{}
	}
	for p, class := range truth {
		s.truth[class]++
		s.guess[guess[p]]++
		if guess[p] == class {
			s.right[class]++
		}
	}
	s.pixels += len(truth)
}

// Accuracy is the share of pixels whose class was guessed. Where most are
// background it is high for a network that sees nothing else.
func (s *Segmentation) Accuracy() float64 {
	right := 0
	for _, n := range s.right {
		right += n
	}
	return float64(right) / float64(max(s.pixels, 1))
}

// Overlap is, for a class, the pixels that truth and guess have in common over
// those that either has: its intersection over union. It is 0 for a class that
// neither has.
func (s *Segmentation) Overlap(class int) float64 {
	either := s.truth[class] + s.guess[class] - s.right[class]
	return float64(s.right[class]) / float64(max(either, 1))
}

// MeanOverlap is the mean of Overlap over the classes that are there.
func (s *Segmentation) MeanOverlap() float64 {
	sum := 0.0
	for _, class := range slices.Sorted(maps.Keys(s.truth)) { // in one order, for the same bits
		sum += s.Overlap(class)
	}
	return sum / float64(max(len(s.truth), 1))
}

// Enlarge makes maps (N, C, H, W) so many times as high and as wide, by linear
// interpolation between the middles of the old pixels: coarse scores become
// scores for each pixel.
func Enlarge[T ndarray.Float](maps *ndarray.Array[T], times int) *ndarray.Array[T] {
	n, c, h, w := maps.Dim(0), maps.Dim(1), maps.Dim(2), maps.Dim(3)
	large := ndarray.Zeros[T](n, c, h*times, w*times)
	for image := range n {
		for channel := range c {
			from, to := maps.Index(image, channel).Data(), large.Index(image, channel).Data()
			for y := range h * times {
				above, below, down := between(y, times, h)
				for x := range w * times {
					left, right, across := between(x, times, w)
					top := T(1-across)*from[above*w+left] + T(across)*from[above*w+right]
					bottom := T(1-across)*from[below*w+left] + T(across)*from[below*w+right]
					to[y*w*times+x] = T(1-down)*top + T(down)*bottom
				}
			}
		}
	}
	return large
}

// between gives the two old pixels that a new one lies between, and the share of
// the second.
func between(at, times, size int) (first, second int, share float64) {
	place := (float64(at)+0.5)/float64(times) - 0.5
	place = min(max(place, 0), float64(size-1))
	first = int(place)
	return first, min(first+1, size-1), place - float64(first)
}

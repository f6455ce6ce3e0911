package scene

import (
	"maps"
	"slices"
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

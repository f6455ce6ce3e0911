package trainer

import (
	"math"

	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
)

// Accuracy returns the share of the samples of s that net classifies right.
func Accuracy[T ndarray.Float](net Network[T], s *dataset.Set) float64 {
	return float64(correct(net, s)) / float64(s.Len())
}

// correct counts the samples of s that net classifies right.
func correct[T ndarray.Float](net Network[T], s *dataset.Set) int {
	right := 0
	each(s, func(x *ndarray.Array[T], t []int) {
		right += int(math.Round(net.Accuracy(x, t) * float64(len(t))))
	})
	return right
}

// each calls do with the samples of s, a thousand at a time.
func each[T ndarray.Float](s *dataset.Set, do func(x *ndarray.Array[T], t []int)) {
	const chunk = 1000
	c, h, w := s.Shape()
	n := min(chunk, s.Len())
	x, t, indices := ndarray.Zeros[T](n, c, h, w), make([]int, n), make([]int, n)
	for lo := 0; lo < s.Len(); lo += chunk {
		n := min(chunk, s.Len()-lo)
		for i := range n {
			indices[i] = lo + i
		}
		dataset.Gather(s, indices[:n], x.Slice(0, n), t[:n])
		do(x.Slice(0, n), t[:n])
	}
}

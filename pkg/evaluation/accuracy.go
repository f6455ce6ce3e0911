package evaluation

import (
	"math"
	"slices"
	"sync"

	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
)

// Classifier measures its own accuracy on a batch: *convnet.Sequential and all that
// embed it.
type Classifier[T ndarray.Float] interface {
	Accuracy(x *ndarray.Array[T], t []int) float64 // x (N, C, H, W), N labels t
}

// Accuracy returns the share of the samples of s that net classifies right; of an empty
// set it is NaN.
func Accuracy[T ndarray.Float](net Classifier[T], s *dataset.Set) float64 {
	return float64(Correct(net, s)) / float64(s.Len())
}

// Correct counts the samples of s that net classifies right.
func Correct[T ndarray.Float](net Classifier[T], s *dataset.Set) int {
	return bodies[T]().correct(net, s)
}

func correct[T ndarray.Float](net Classifier[T], s *dataset.Set) int {
	right := 0
	each(s, func(x *ndarray.Array[T], t []int) {
		right += int(math.Round(net.Accuracy(x, t) * float64(len(t))))
	})
	return right
}

// samples keeps the array of each for the next time: evaluating after every epoch would
// otherwise leave behind more memory than training needs.
var samples sync.Pool

// each calls do with the samples of s, a thousand at a time, in an array that is its own
// again afterwards.
func each[T ndarray.Float](s *dataset.Set, do func(x *ndarray.Array[T], t []int)) {
	const chunk = 1000
	c, h, w := s.Shape()
	x, _ := samples.Get().(*ndarray.Array[T])
	if x == nil || !slices.Equal(x.Shape(), []int{chunk, c, h, w}) {
		x = ndarray.Zeros[T](chunk, c, h, w)
	}
	defer samples.Put(x)
	n := min(chunk, s.Len())
	t, indices := make([]int, n), make([]int, n)
	for lo := 0; lo < s.Len(); lo += chunk {
		n := min(chunk, s.Len()-lo)
		for i := range n {
			indices[i] = lo + i
		}
		dataset.Gather(s, indices[:n], x.Slice(0, n), t[:n])
		do(x.Slice(0, n), t[:n])
	}
}

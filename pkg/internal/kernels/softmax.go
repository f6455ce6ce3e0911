package kernels

import "math"

// SoftmaxLoss returns the sum over samples of the cross entropy of their scores y,
// (len(labels), classes), and sets dy to the gradient of the mean loss of a batch of n
// samples:
//
//	p = exp(y - max y) / sum of exp(y - max y)
//	loss += -log(p[label] + 1e-7)
//	dy = (p - 1 at the label) / n
//
// It is plain Go everywhere: with ten classes it takes less than a hundredth of a
// training step.
func SoftmaxLoss[T float32 | float64](y, dy []T, classes int, labels []int, n int) (loss T) {
	for i, label := range labels {
		y, dy := y[i*classes:(i+1)*classes], dy[i*classes:(i+1)*classes]
		best := y[0]
		for _, v := range y {
			if v > best || v != v {
				best = v
			}
		}
		total := T(0)
		for i, v := range y {
			dy[i] = T(math.Exp(float64(v - best)))
			total += dy[i]
		}
		for i := range dy {
			dy[i] /= total
		}
		loss -= T(math.Log(float64(dy[label] + 1e-7)))
		dy[label]--
		for i := range dy {
			dy[i] /= T(n)
		}
	}
	return loss
}

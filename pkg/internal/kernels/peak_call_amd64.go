//go:build !purego

package kernels

// peakSums is how many vectors the assembly adds to.
const peakSums = 12

func peak(rounds int, x, y float32) (operations int, sum float32) {
	if active == AVX512 {
		return 2 * 16 * peakSums * rounds, peakAVX512(rounds, x, y)
	}
	return 2 * 8 * peakSums * rounds, peakAVX2(rounds, x, y)
}

// triad does whole vectors and returns how many numbers that was.
func triad(out, x, y []float32, a float32) int {
	if active == AVX512 {
		vectors := len(out) / 16
		if vectors > 0 {
			triadAVX512(vectors, &out[0], &x[0], &y[0], a)
		}
		return 16 * vectors
	}
	vectors := len(out) / 8
	if vectors > 0 {
		triadAVX2(vectors, &out[0], &x[0], &y[0], a)
	}
	return 8 * vectors
}

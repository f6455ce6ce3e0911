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

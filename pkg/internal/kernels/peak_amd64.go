//go:build !purego

package kernels

// peakSums is how many vectors the assembly adds to.
const peakSums = 12

var peaks = [variants]peakKernels{
	AVX2:   {8, peakSums, peakAVX2, triadAVX2},
	AVX512: {16, peakSums, peakAVX512, triadAVX512},
}

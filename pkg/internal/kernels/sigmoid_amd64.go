//go:build !purego

package kernels

var sigmoids = [variants]sigmoidKernels{
	AVX2:   {8, wordMask, sigmoidAVX2, sigmoidGradAVX2},
	AVX512: {16, bitMask, sigmoidAVX512, sigmoidGradAVX512},
}

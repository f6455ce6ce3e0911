//go:build !purego

package kernels

var transposes = [variants]transposeKernels{
	AVX2:   {8, transposeAVX2},
	AVX512: {16, transposeAVX512},
}

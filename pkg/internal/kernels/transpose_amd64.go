//go:build !purego

package kernels

var transposes = [variants]transposeKernels[float32]{
	AVX2:   {8, transposeAVX2},
	AVX512: {16, transposeAVX512},
}

//go:build !purego

package kernels

var (
	transposes = [variants]transposeKernels[float32]{
		AVX2:   {8, transposeAVX2},
		AVX512: {16, transposeAVX512},
	}
	dtransposes = [variants]transposeKernels[float64]{
		AVX2:   {4, dTransposeAVX2},
		AVX512: {8, dTransposeAVX512},
	}
)

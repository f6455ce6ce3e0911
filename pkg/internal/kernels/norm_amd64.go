//go:build !purego

package kernels

var (
	norms = [variants]normKernels[float32]{
		AVX2:   {8, columnSumsAVX2, normaliseAVX2, normGradSumsAVX2, normGradAVX2},
		AVX512: {16, columnSumsAVX512, normaliseAVX512, normGradSumsAVX512, normGradAVX512},
	}
	dnorms = [variants]normKernels[float64]{
		AVX2:   {4, dColumnSumsAVX2, dNormaliseAVX2, dNormGradSumsAVX2, dNormGradAVX2},
		AVX512: {8, dColumnSumsAVX512, dNormaliseAVX512, dNormGradSumsAVX512, dNormGradAVX512},
	}
)

//go:build !purego

package kernels

var norms = [variants]normKernels[float32]{
	AVX2:   {8, columnSumsAVX2, normaliseAVX2, normGradSumsAVX2, normGradAVX2},
	AVX512: {16, columnSumsAVX512, normaliseAVX512, normGradSumsAVX512, normGradAVX512},
}

//go:build !purego

package kernels

var updates = [variants]optimizers{
	AVX2:   {8, sgdAVX2, momentumAVX2, nesterovAVX2, adaGradAVX2, rmspropAVX2, adamAVX2},
	AVX512: {16, sgdAVX512, momentumAVX512, nesterovAVX512, adaGradAVX512, rmspropAVX512, adamAVX512},
}

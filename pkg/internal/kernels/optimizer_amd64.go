//go:build !purego

package kernels

var (
	updates = [variants]optimizers[float32]{
		AVX2:   {8, sgdAVX2, momentumAVX2, nesterovAVX2, adaGradAVX2, rmspropAVX2, adamAVX2},
		AVX512: {16, sgdAVX512, momentumAVX512, nesterovAVX512, adaGradAVX512, rmspropAVX512, adamAVX512},
	}
	dupdates = [variants]optimizers[float64]{
		AVX2:   {4, dSgdAVX2, dMomentumAVX2, dNesterovAVX2, dAdaGradAVX2, dRmspropAVX2, dAdamAVX2},
		AVX512: {8, dSgdAVX512, dMomentumAVX512, dNesterovAVX512, dAdaGradAVX512, dRmspropAVX512, dAdamAVX512},
	}
)

//go:build !purego

package kernels

var (
	updates = [variants]optimizers[float32]{
		NEON: {4, sgdNEON, momentumNEON, nesterovNEON, adaGradNEON, rmspropNEON, adamNEON},
	}
	dupdates = [variants]optimizers[float64]{
		NEON: {2, dSgdNEON, dMomentumNEON, dNesterovNEON, dAdaGradNEON, dRmspropNEON, dAdamNEON},
	}
)

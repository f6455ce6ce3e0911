//go:build !purego

package kernels

var (
	norms = [variants]normKernels[float32]{
		NEON: {4, columnSumsNEON, normaliseNEON, normGradSumsNEON, normGradNEON},
	}
	dnorms = [variants]normKernels[float64]{
		NEON: {2, dColumnSumsNEON, dNormaliseNEON, dNormGradSumsNEON, dNormGradNEON},
	}
)

//go:build !purego

package kernels

var (
	convs = [variants]convKernels[float32]{
		NEON: {convPool[float32], convRow[float32], 4, maxPoolNEON, unpoolNEON, maskGradNEON},
	}
	dconvs = [variants]convKernels[float64]{
		NEON: {convPool[float64], convRow[float64], 2, dMaxPoolNEON, dUnpoolNEON, dMaskGradNEON},
	}
)

// convWidths and dconvWidths are those of each variant, the widest first.
var (
	convWidths = [variants][]convWidth[float32]{
		NEON: {{filters: 16, pool: convPool4NEON, row1: convRow1x4NEON, row4: convRow4x4NEON}},
	}
	dconvWidths = [variants][]convWidth[float64]{
		NEON: {{filters: 8, pool: dConvPool4NEON, row1: dConvRow1x4NEON, row4: dConvRow4x4NEON}},
	}
)

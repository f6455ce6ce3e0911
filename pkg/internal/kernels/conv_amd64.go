//go:build !purego

package kernels

var (
	convs = [variants]convKernels[float32]{
		AVX2:   {convPool[float32], convRow[float32], 8, maxPoolAVX2, unpoolAVX2, maskGradAVX2},
		AVX512: {convPool[float32], convRow[float32], 16, maxPoolAVX512, unpoolAVX512, maskGradAVX512},
	}
	dconvs = [variants]convKernels[float64]{
		AVX2:   {convPool[float64], convRow[float64], 4, dMaxPoolAVX2, dUnpoolAVX2, dMaskGradAVX2},
		AVX512: {convPool[float64], convRow[float64], 8, dMaxPoolAVX512, dUnpoolAVX512, dMaskGradAVX512},
	}
)

// convWidths and dconvWidths are those of each variant, the widest first.
var (
	convWidths = [variants][]convWidth[float32]{
		AVX2: {{filters: 16, pool: convPool2AVX2, row1: convRow1x2AVX2, row4: convRow4x2AVX2}},
		AVX512: {
			{filters: 64, pool: convPool4AVX512, row1: convRow1x4AVX512, row4: convRow4x4AVX512},
			{filters: 32, pool: convPool2AVX512, row1: convRow1x2AVX512, row4: convRow4x2AVX512,
				pairs: convPoolPairs2AVX512, row8: convRow8x2AVX512},
			{filters: 16, pool: convPool1AVX512, row1: convRow1x1AVX512, row4: convRow4x1AVX512,
				pairs: convPoolPairs1AVX512, row8: convRow8x1AVX512, squarePool: squarePoolAVX512, squareRow: squareRowAVX512},
		},
	}
	dconvWidths = [variants][]convWidth[float64]{
		AVX2: {{filters: 8, pool: dConvPool2AVX2, row1: dConvRow1x2AVX2, row4: dConvRow4x2AVX2}},
		AVX512: {
			{filters: 32, pool: dConvPool4AVX512, row1: dConvRow1x4AVX512, row4: dConvRow4x4AVX512},
			{filters: 16, pool: dConvPool2AVX512, row1: dConvRow1x2AVX512, row4: dConvRow4x2AVX512},
		},
	}
)

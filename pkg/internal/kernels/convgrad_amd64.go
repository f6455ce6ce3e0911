//go:build !purego

package kernels

var grads = [variants]gradKernels[float32]{
	AVX512: {lanes: 16, rowPairs: true, fill: fillAVX512, bias: biasGradAVX512, tiles: [...][]gradKernel[float32]{
		1: {{1, convGrad1x1AVX512}},
		2: {{1, convGrad1x2AVX512}, {2, convGrad2x2AVX512}},
		3: {{1, convGrad1x3AVX512}, {3, convGrad3x3AVX512}},
		4: {{1, convGrad1x4AVX512}, {4, convGrad4x4AVX512}},
		5: {{1, convGrad1x5AVX512}, {5, convGrad5x5AVX512}},
		6: {{1, convGrad1x6AVX512}, {4, convGrad4x6AVX512}},
		7: {{1, convGrad1x7AVX512}, {3, convGrad3x7AVX512}},
	}},
	AVX2: {lanes: 8, fill: fillAVX2, bias: biasGradAVX2, tiles: [...][]gradKernel[float32]{
		1: {{1, convGrad1x1AVX2}},
		2: {{1, convGrad1x2AVX2}, {2, convGrad2x2AVX2}},
		3: {{1, convGrad1x3AVX2}, {3, convGrad3x3AVX2}},
		4: {{1, convGrad1x4AVX2}, {2, convGrad2x4AVX2}},
		5: {{1, convGrad1x5AVX2}, {2, convGrad2x5AVX2}},
		6: {{1, convGrad1x6AVX2}},
		7: {{1, convGrad1x7AVX2}},
	}},
}

var dgrads = [variants]gradKernels[float64]{
	AVX512: {lanes: 8, fill: dFillAVX2, bias: dBiasGradAVX512, tiles: [...][]gradKernel[float64]{
		1: {{1, dConvGrad1x1AVX512}},
		2: {{1, dConvGrad1x2AVX512}, {2, dConvGrad2x2AVX512}},
		3: {{1, dConvGrad1x3AVX512}, {3, dConvGrad3x3AVX512}},
		4: {{1, dConvGrad1x4AVX512}, {4, dConvGrad4x4AVX512}},
		5: {{1, dConvGrad1x5AVX512}, {5, dConvGrad5x5AVX512}},
		6: {{1, dConvGrad1x6AVX512}, {4, dConvGrad4x6AVX512}},
		7: {{1, dConvGrad1x7AVX512}, {3, dConvGrad3x7AVX512}},
	}},
	AVX2: {lanes: 4, fill: dFillAVX2, bias: dBiasGradAVX2, tiles: [...][]gradKernel[float64]{
		1: {{1, dConvGrad1x1AVX2}},
		2: {{1, dConvGrad1x2AVX2}, {2, dConvGrad2x2AVX2}},
		3: {{1, dConvGrad1x3AVX2}, {3, dConvGrad3x3AVX2}},
		4: {{1, dConvGrad1x4AVX2}, {2, dConvGrad2x4AVX2}},
		5: {{1, dConvGrad1x5AVX2}, {2, dConvGrad2x5AVX2}},
		6: {{1, dConvGrad1x6AVX2}},
		7: {{1, dConvGrad1x7AVX2}},
	}},
}

func dFillAVX2(l Lookup[float64], x, q []float64) { dQuadsAVX2(l.Len/4, &x[0], 8*l.width, &q[0]) }

func fillAVX2(l Lookup[float32], x, q []float32) { quadsAVX2(l.Len/4, &x[0], 4*l.width, &q[0]) }

func fillAVX512(l Lookup[float32], x, q []float32) {
	for col := 0; col < l.fw; col += maxGradColumns {
		columns := uint32(1)<<min(l.fw-col+1, maxGradColumns+1) - 1
		rowPairsAVX512(l.rows, l.windows, &x[col], 4*l.width, &q[col/maxGradColumns*l.block], columns)
	}
}

// These call a kernel of one tap by its name, so that its input and what it adds to, of
// which nobody takes notice, may stay on the stack.

func biasGradAVX2(windows int, grad *float32, arg *uint8, stepG int, db *float32) {
	var q, dw [16]float32
	convGrad1x1AVX2(1, windows, &q[0], 0, 0, 0, grad, arg, stepG, &dw[0], 0, 0, db)
}

func dBiasGradAVX2(windows int, grad *float64, arg *uint8, stepG int, db *float64) {
	var q, dw [16]float64
	dConvGrad1x1AVX2(1, windows, &q[0], 0, 0, 0, grad, arg, stepG, &dw[0], 0, 0, db)
}

func dBiasGradAVX512(windows int, grad *float64, arg *uint8, stepG int, db *float64) {
	var q, dw [16]float64
	dConvGrad1x1AVX512(1, windows, &q[0], 0, 0, 0, grad, arg, stepG, &dw[0], 0, 0, db)
}

func biasGradAVX512(windows int, grad *float32, arg *uint8, stepG int, db *float32) {
	var q, dw [16]float32
	convGrad1x1AVX512(1, windows, &q[0], 0, 0, 0, grad, arg, stepG, &dw[0], 0, 0, db)
}

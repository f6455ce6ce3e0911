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

func fillAVX2(l Lookup[float32], x, q []float32) { quadsAVX2(l.Len/4, &x[0], 4*l.width, &q[0]) }

func fillAVX512(l Lookup[float32], x, q []float32) {
	for col := 0; col < l.fw; col += maxGradColumns {
		columns := uint32(1)<<min(l.fw-col+1, maxGradColumns+1) - 1
		rowPairsAVX512(l.rows, l.windows, &x[col], 4*l.width, &q[col/maxGradColumns*l.block], columns)
	}
}

// biasGradAVX2 calls the kernel of one tap by its name, so that its input and what it
// adds to, of which nobody takes notice, may stay on the stack.
func biasGradAVX2(windows int, grad *float32, arg *uint8, stepG int, db *float32) {
	var q, dw [16]float32
	convGrad1x1AVX2(1, windows, &q[0], 0, 0, 0, grad, arg, stepG, &dw[0], 0, 0, db)
}

// biasGradAVX512 calls the kernel of one tap by its name, so that its input and what it
// adds to, of which nobody takes notice, may stay on the stack.
func biasGradAVX512(windows int, grad *float32, arg *uint8, stepG int, db *float32) {
	var q, dw [16]float32
	convGrad1x1AVX512(1, windows, &q[0], 0, 0, 0, grad, arg, stepG, &dw[0], 0, 0, db)
}

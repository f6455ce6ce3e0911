//go:build !purego

package kernels

var grads = [variants]gradKernels[float32]{
	NEON: {lanes: 4, fill: fillNEON, bias: biasGradNEON, tiles: [...][]gradKernel[float32]{
		1: {{1, convGrad1x1NEON}},
		2: {{1, convGrad1x2NEON}, {2, convGrad2x2NEON}},
		3: {{1, convGrad1x3NEON}, {3, convGrad3x3NEON}},
		4: {{1, convGrad1x4NEON}, {4, convGrad4x4NEON}},
		5: {{1, convGrad1x5NEON}, {4, convGrad4x5NEON}},
		6: {{1, convGrad1x6NEON}, {4, convGrad4x6NEON}},
		7: {{1, convGrad1x7NEON}, {3, convGrad3x7NEON}},
	}},
}

var dgrads = [variants]gradKernels[float64]{
	NEON: {lanes: 2, fill: dFillNEON, bias: dBiasGradNEON, tiles: [...][]gradKernel[float64]{
		1: {{1, dConvGrad1x1NEON}},
		2: {{1, dConvGrad1x2NEON}, {2, dConvGrad2x2NEON}},
		3: {{1, dConvGrad1x3NEON}, {3, dConvGrad3x3NEON}},
		4: {{1, dConvGrad1x4NEON}, {4, dConvGrad4x4NEON}},
		5: {{1, dConvGrad1x5NEON}, {4, dConvGrad4x5NEON}},
		6: {{1, dConvGrad1x6NEON}, {4, dConvGrad4x6NEON}},
		7: {{1, dConvGrad1x7NEON}, {3, dConvGrad3x7NEON}},
	}},
}

func fillNEON(l Lookup[float32], x, q []float32) { quadsNEON(l.Len/4, &x[0], 4*l.width, &q[0]) }

func dFillNEON(l Lookup[float64], x, q []float64) { dQuadsNEON(l.Len/4, &x[0], 8*l.width, &q[0]) }

// These call a kernel of one tap by its name, so that its input and what it adds to, of
// which nobody takes notice, may stay on the stack.

func biasGradNEON(windows int, grad *float32, arg *uint8, stepG int, db *float32) {
	var q, dw [16]float32
	convGrad1x1NEON(1, windows, &q[0], 0, 0, 0, grad, arg, stepG, &dw[0], 0, 0, db)
}

func dBiasGradNEON(windows int, grad *float64, arg *uint8, stepG int, db *float64) {
	var q, dw [16]float64
	dConvGrad1x1NEON(1, windows, &q[0], 0, 0, 0, grad, arg, stepG, &dw[0], 0, 0, db)
}

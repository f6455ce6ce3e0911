//go:build !purego

package kernels

// quadsNEON sets q[i] = x[i], x[i+1], x[i+down], x[i+down+1] for n elements i; down is
// in bytes.
//
//go:noescape
func quadsNEON(n int, x *float32, down int, q *float32)

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

func fillNEON(l Lookup[float32], x, q []float32) { quadsNEON(l.Len/4, &x[0], 4*l.width, &q[0]) }

// biasGradNEON calls the kernel of one tap by its name, so that its input and what it
// adds to, of which nobody takes notice, may stay on the stack.
func biasGradNEON(windows int, grad *float32, arg *uint8, stepG int, db *float32) {
	var q, dw [16]float32
	convGrad1x1NEON(1, windows, &q[0], 0, 0, 0, grad, arg, stepG, &dw[0], 0, 0, db)
}

//go:build !purego

package kernels

// gradKernels has, for each number of columns, those for one row and for more.
var gradKernels = map[Variant][maxGradColumns + 1][]gradKernel{
	NEON: {
		1: {{1, convGrad1x1NEON}},
		2: {{1, convGrad1x2NEON}, {2, convGrad2x2NEON}},
		3: {{1, convGrad1x3NEON}, {3, convGrad3x3NEON}},
		4: {{1, convGrad1x4NEON}, {4, convGrad4x4NEON}},
		5: {{1, convGrad1x5NEON}, {4, convGrad4x5NEON}},
		6: {{1, convGrad1x6NEON}, {4, convGrad4x6NEON}},
		7: {{1, convGrad1x7NEON}, {3, convGrad3x7NEON}},
	},
}

// quadsNEON sets q[i] = x[i], x[i+1], x[i+down], x[i+down+1] for n elements i; down is
// in bytes.
//
//go:noescape
func quadsNEON(n int, x *float32, down int, q *float32)

func (l Lookup) fill(x, q []float32) { quadsNEON(l.Len/4, &x[0], 4*l.width, &q[0]) }

// convGradOne calls the kernel of one tap by its name, so that what the pointers
// point to may stay on the stack.
func convGradOne(windows int, q, grad *float32, arg *uint8, stepG int, dw, db *float32) {
	convGrad1x1NEON(1, windows, q, 0, 0, 0, grad, arg, stepG, dw, 0, 0, db)
}

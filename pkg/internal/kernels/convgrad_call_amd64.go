//go:build !purego

package kernels

// gradKernels has, for each number of columns, those for one row and for more.
var gradKernels = map[Variant][maxGradColumns + 1][]gradKernel{
	AVX512: {
		1: {{1, convGrad1x1AVX512}},
		2: {{1, convGrad1x2AVX512}, {2, convGrad2x2AVX512}},
		3: {{1, convGrad1x3AVX512}, {3, convGrad3x3AVX512}},
		4: {{1, convGrad1x4AVX512}, {4, convGrad4x4AVX512}},
		5: {{1, convGrad1x5AVX512}, {5, convGrad5x5AVX512}},
		6: {{1, convGrad1x6AVX512}, {4, convGrad4x6AVX512}},
		7: {{1, convGrad1x7AVX512}, {3, convGrad3x7AVX512}},
	},
	AVX2: {
		1: {{1, convGrad1x1AVX2}},
		2: {{1, convGrad1x2AVX2}, {2, convGrad2x2AVX2}},
		3: {{1, convGrad1x3AVX2}, {3, convGrad3x3AVX2}},
		4: {{1, convGrad1x4AVX2}, {2, convGrad2x4AVX2}},
		5: {{1, convGrad1x5AVX2}, {2, convGrad2x5AVX2}},
		6: {{1, convGrad1x6AVX2}},
		7: {{1, convGrad1x7AVX2}},
	},
}

func (l Lookup) fill(x, q []float32) {
	if active == AVX2 {
		quadsAVX2(l.Len/4, &x[0], 4*l.width, &q[0])
		return
	}
	for col := 0; col < l.fw; col += maxGradColumns {
		columns := uint32(1)<<min(l.fw-col+1, maxGradColumns+1) - 1
		rowPairsAVX512(l.rows, l.windows, &x[col], 4*l.width, &q[col/maxGradColumns*l.block], columns)
	}
}

// convGradOne calls the kernel of one tap by its name, so that what the pointers
// point to may stay on the stack.
func convGradOne(windows int, q, grad *float32, arg *uint8, stepG int, dw, db *float32) {
	if active == AVX512 {
		convGrad1x1AVX512(1, windows, q, 0, 0, 0, grad, arg, stepG, dw, 0, 0, db)
	} else {
		convGrad1x1AVX2(1, windows, q, 0, 0, 0, grad, arg, stepG, dw, 0, 0, db)
	}
}

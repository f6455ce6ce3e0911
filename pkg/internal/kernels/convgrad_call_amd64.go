//go:build !purego

package kernels

// gradKernel is convGrad for so many rows of a filter.
type gradKernel struct {
	rows int
	run  func(rows, windows int, q *float32, stepX, stepRow, stepQ int, grad *float32, arg *uint8, stepG int, dw *float32, stepDW, stepDWRow int, db *float32)
}

// maxGradColumns is how many columns of a filter a kernel takes at most.
const maxGradColumns = 7

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

func quads(n int, x []float32, width int, q []float32) { quadsAVX2(n, &x[0], 4*width, &q[0]) }

// convGrad takes blocks of a filter's taps as registers hold their gradients.
func convGrad(rows, windows, fh, fw int, q []float32, width, stepRow int, grad []float32, arg []uint8, dw, db []float32, fp int) {
	kernels, lanes := gradKernels[active], 16
	if active == AVX2 {
		lanes = 8
	}
	for f := 0; f < fp; f += lanes {
		bias := &db[f]
		for col, columns := 0, 0; col < fw; col += columns {
			columns = min(fw-col, maxGradColumns)
			for row := 0; row < fh; {
				k := kernels[columns][0]
				if more := kernels[columns]; len(more) > 1 && fh-row >= more[1].rows {
					k = more[1]
				}
				k.run(rows, windows, &q[4*(row*width+col)], 4*4*2, 4*4*stepRow, 4*4*width,
					&grad[f], &arg[f], 4*fp, &dw[(row*fw+col)*fp+f], 4*fp, 4*fp*fw, bias)
				bias = nil
				row += k.rows
			}
		}
	}
}

func pooledBiasGrad(windows int, grad []float32, arg []uint8, db []float32, fp int) {
	var q [4]float32
	var dw [16]float32
	k, lanes := gradKernels[active][1][0], 16
	if active == AVX2 {
		lanes = 8
	}
	for f := 0; f < fp; f += lanes {
		k.run(1, windows, &q[0], 0, 0, 0, &grad[f], &arg[f], 4*fp, &dw[0], 0, 0, &db[f])
	}
}

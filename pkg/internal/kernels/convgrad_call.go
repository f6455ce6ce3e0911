//go:build (amd64 || arm64) && !purego

package kernels

// gradKernel is convGrad for so many rows of a filter.
type gradKernel struct {
	rows int
	run  func(rows, windows int, q *float32, stepX, stepRow, stepQ int, grad *float32, arg *uint8, stepG int, dw *float32, stepDW, stepDWRow int, db *float32)
}

// gradLanes is how many filters a kernel takes.
var gradLanes = [...]int{AVX512: 16, AVX2: 8, NEON: 4}

// convGrad takes blocks of a filter's taps as registers hold their gradients.
func convGrad(l Lookup, outer, outerStep, inner, innerStep, fh int, q, grad []float32, arg []uint8, dw, db []float32, fp int) {
	kernels, lanes := gradKernels[active], gradLanes[active]
	for f := 0; f < fp; f += lanes {
		bias := &db[f]
		for col, columns := 0, 0; col < l.fw; col += columns {
			columns = min(l.fw-col, maxGradColumns)
			for row := 0; row < fh; {
				k := kernels[columns][0]
				if more := kernels[columns]; len(more) > 1 && fh-row >= more[1].rows {
					k = more[1]
				}
				k.run(outer, inner, &q[col/maxGradColumns*l.block+row*l.Row], 4*innerStep, 4*outerStep, 4*l.Row,
					&grad[f], &arg[f], 4*fp, &dw[(row*l.fw+col)*fp+f], 4*fp, 4*fp*l.fw, bias)
				bias = nil
				row += k.rows
			}
		}
	}
}

func pooledBiasGrad(windows int, grad []float32, arg []uint8, db []float32, fp int) {
	var q [16]float32
	var dw [16]float32
	for f := 0; f < fp; f += gradLanes[active] {
		convGradOne(windows, &q[0], &grad[f], &arg[f], 4*fp, &dw[0], &db[f])
	}
}

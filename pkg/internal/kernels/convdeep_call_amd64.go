//go:build !purego

package kernels

// HasConvGradDeep says whether ConvGradDeep runs in vectors.
func HasConvGradDeep() bool { return active != PureGo }

// convGradDeep takes three vectors of each row of a filter at a time: a row is
// three columns of channels, and those are a multiple of a vector.
func convGradDeep(rows, windows, filters int, input []float32, channels, width int, grad []float32, arg []uint8, fp int, dw []float32) {
	places := [5]int{0, 4 * channels, 4 * width * channels, 4 * (width + 1) * channels, 0}
	lanes := 16
	if active == AVX2 {
		lanes = 8
	}
	run := deepSize * channels
	for k := 0; k < run; k += deepSize * lanes {
		for f := range filters {
			to := &dw[f*deepSize*run+k]
			if active == AVX2 {
				convGradDeepAVX2(rows, windows, &input[k], &places[0], 8*channels, 8*width*channels, 4*width*channels, &grad[f], &arg[f], 4*fp, to, 4*run)
			} else {
				convGradDeepAVX512(rows, windows, &input[k], &places[0], 8*channels, 8*width*channels, 4*width*channels, &grad[f], &arg[f], 4*fp, to, 4*run)
			}
		}
	}
}

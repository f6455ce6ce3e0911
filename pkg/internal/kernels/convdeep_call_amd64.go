//go:build !purego

package kernels

// HasConvGradDeep says whether ConvGradDeep runs in vectors.
func HasConvGradDeep() bool { return active != PureGo }

// deepBlock is how many bytes of the input convGradDeep takes at a time: they stay in
// the first cache while all filters pass over them.
const deepBlock = 28 << 10

// convGradDeep takes three vectors of each row of a filter at a time: a row is
// three columns of channels, and those are a multiple of a vector.
func convGradDeep(rows, windows, filters int, input []float32, channels, width int, grad []float32, arg []uint8, fp int, dw []float32) {
	places := [5]int{0, 4 * channels, 4 * width * channels, 4 * (width + 1) * channels, 0}
	lanes := 16
	if active == AVX2 {
		lanes = 8
	}
	run, stepRow := deepSize*channels, 2*width*channels
	blocks := (4*rows*stepRow + deepBlock - 1) / deepBlock
	most := (rows + blocks - 1) / blocks
	for row := 0; row < rows; row += most {
		count, from, at := min(most, rows-row), input[row*stepRow:], row*windows*fp
		for k := 0; k < run; k += deepSize * lanes {
			if active == AVX2 {
				convGradDeepAVX2(filters, count, windows, &from[k], &places[0], 8*channels, 4*stepRow, 4*width*channels,
					&grad[at], &arg[at], 4*fp, &dw[k], 4*run, 4*deepSize*run)
			} else {
				convGradDeepAVX512(filters, count, windows, &from[k], &places[0], 8*channels, 4*stepRow, 4*width*channels,
					&grad[at], &arg[at], 4*fp, &dw[k], 4*run, 4*deepSize*run)
			}
		}
	}
}

// HasInputGradDeep says whether InputGradDeep runs in vectors.
func HasInputGradDeep() bool { return active == AVX512 }

// inputGradFilters is how many filters inputGradDeep takes at most: their weights over
// one vector of channels stay in the first cache.
const inputGradFilters = 32

func inputGradDeep(rows, windows, filters int, dx []float32, channels, width int, grad []float32, arg []uint8, fp int, w []float32) {
	for c := 0; c < channels; c += Group {
		for f := 0; f < filters; f += inputGradFilters {
			some := uint32(1)<<min(inputGradFilters, filters-f) - 1
			inputGradDeepAVX512(rows, windows, &dx[c], 4*channels, 4*width*channels, 8*channels, 8*width*channels,
				&grad[f], &arg[f], 4*fp, &w[(c*filters+f*Group)*deepSize*deepSize], some)
		}
	}
}

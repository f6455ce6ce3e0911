package kernels

// deepSize is the height and width of the filters of ConvGradDeep.
const deepSize = 3

// ConvGradDeep adds to the gradient of 3x3 filters over many channels, from the
// gradient of the pooled map: over rows x windows, for each filter f,
//
//	dw[f][y][x][c] += grad[f] * input[p + (y, x)][c]
//
// where p is the window's own place, the next to the right, the one below, both, or
// none, for arg[f] from 0 to 4. The input is a map of the given width with its
// channels last, a multiple of Group; a window is 2x2 and begins at an even row and
// column. grad and arg are (rows, windows, fp), of which the first filters count; dw
// is (filters, 3, 3, channels). Only a quarter of the positions has a gradient: so
// many operations it takes, and no more.
func ConvGradDeep(rows, windows, filters int, input []float32, channels, width int, grad []float32, arg []uint8, fp int, dw []float32) {
	if rows == 0 || windows == 0 || filters == 0 {
		return
	}
	_ = input[((2*rows+deepSize-2)*width+2*windows+deepSize-1)*channels-1]
	_, _, _ = grad[(rows*windows-1)*fp+filters-1], arg[(rows*windows-1)*fp+filters-1], dw[filters*deepSize*deepSize*channels-1]
	if !HasConvGradDeep() {
		convGradDeepGo(rows, windows, filters, input, channels, width, grad, arg, fp, dw)
		return
	}
	convGradDeep(rows, windows, filters, input, channels, width, grad, arg, fp, dw)
}

func convGradDeepGo(rows, windows, filters int, input []float32, channels, width int, grad []float32, arg []uint8, fp int, dw []float32) {
	place := [4]int{0, 1, width, width + 1}
	run := deepSize * channels
	for f := range filters {
		for row := range rows {
			for i := range windows {
				at := (row*windows+i)*fp + f
				p := arg[at]
				if p == NoGradient {
					continue
				}
				from := (2*row*width + 2*i + place[p]) * channels
				for y := range deepSize {
					to := dw[(f*deepSize+y)*run : (f*deepSize+y+1)*run]
					for k, v := range input[from+y*width*channels : from+y*width*channels+run] {
						to[k] += grad[at] * v
					}
				}
			}
		}
	}
}

// InputGradDeep adds to the gradient of the input of 3x3 filters over many channels,
// from the gradient of the pooled map: over rows x windows, for each filter f,
//
//	dx[p + (y, x)][c] += grad[f] * w[f][y][x][c]
//
// where p is the window's position that arg[f] names, as in ConvGradDeep. dx is a map of
// the given width with its channels last, a multiple of Group; w is in blocks of Group
// channels, (channels/Group, filters, 3, 3, Group).
func InputGradDeep(rows, windows, filters int, dx []float32, channels, width int, grad []float32, arg []uint8, fp int, w []float32) {
	if rows == 0 || windows == 0 || filters == 0 {
		return
	}
	_ = dx[((2*rows+deepSize-2)*width+2*windows+deepSize-1)*channels-1]
	_, _, _ = grad[(rows*windows-1)*fp+filters-1], arg[(rows*windows-1)*fp+filters-1], w[filters*deepSize*deepSize*channels-1]
	if !HasInputGradDeep() {
		inputGradDeepGo(rows, windows, filters, dx, channels, width, grad, arg, fp, w)
		return
	}
	inputGradDeep(rows, windows, filters, dx, channels, width, grad, arg, fp, w)
}

func inputGradDeepGo(rows, windows, filters int, dx []float32, channels, width int, grad []float32, arg []uint8, fp int, w []float32) {
	place := [4]int{0, 1, width, width + 1}
	for c := 0; c < channels; c += Group {
		for at := range rows * windows {
			row, i := at/windows, at%windows
			for f := range filters {
				p := arg[at*fp+f]
				if p == NoGradient {
					continue
				}
				for tap := range deepSize * deepSize {
					weights := w[(c*filters+f*Group)*deepSize*deepSize+tap*Group:][:Group]
					to := dx[(2*row*width+2*i+place[p]+tap/deepSize*width+tap%deepSize)*channels+c:][:Group]
					for k, v := range weights {
						to[k] += grad[at*fp+f] * v
					}
				}
			}
		}
	}
}

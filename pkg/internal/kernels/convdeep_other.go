//go:build !amd64 || purego

package kernels

// HasConvGradDeep says whether ConvGradDeep runs in vectors.
func HasConvGradDeep() bool { return false }

func convGradDeep(rows, windows, filters int, input []float32, channels, width int, grad []float32, arg []uint8, fp int, dw []float32) {
	convGradDeepGo(rows, windows, filters, input, channels, width, grad, arg, fp, dw)
}

// HasInputGradDeep says whether InputGradDeep runs in vectors.
func HasInputGradDeep() bool { return false }

func inputGradDeep(rows, windows, filters int, dx []float32, channels, width int, grad []float32, arg []uint8, fp int, w []float32) {
	inputGradDeepGo(rows, windows, filters, dx, channels, width, grad, arg, fp, w)
}

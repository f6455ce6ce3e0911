//go:build !purego

package kernels

var (
	deeps  = [variants]deepKernels[float32]{NEON: {4, deepGradNEON, nil}}
	ddeeps = [variants]deepKernels[float64]{NEON: {2, dDeepGradNEON, nil}}
)

// These call a kernel by its name, so that the places may stay on the stack.

func deepGradNEON(filters, rows, windows int, x *float32, places deepPlaces, stepX, stepRow, width int, grad *float32, arg *uint8, stepG int, dw *float32, stepDW, stepF int) {
	convGradDeepNEON(filters, rows, windows, x, &places[0], stepX, stepRow, width, grad, arg, stepG, dw, stepDW, stepF)
}

func dDeepGradNEON(filters, rows, windows int, x *float64, places deepPlaces, stepX, stepRow, width int, grad *float64, arg *uint8, stepG int, dw *float64, stepDW, stepF int) {
	dConvGradDeepNEON(filters, rows, windows, x, &places[0], stepX, stepRow, width, grad, arg, stepG, dw, stepDW, stepF)
}

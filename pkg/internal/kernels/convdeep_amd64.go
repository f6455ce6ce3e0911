//go:build !purego

package kernels

var deeps = [variants]deepKernels[float32]{
	AVX2:   {8, deepGradAVX2, nil},
	AVX512: {16, deepGradAVX512, inputGradDeepAVX512},
}

var ddeeps = [variants]deepKernels[float64]{
	AVX2:   {4, dDeepGradAVX2, nil},
	AVX512: {8, dDeepGradAVX512, dInputGradDeepAVX512},
}

// These call a kernel by its name, so that the places may stay on the stack.

func deepGradAVX2(filters, rows, windows int, x *float32, places deepPlaces, stepX, stepRow, width int, grad *float32, arg *uint8, stepG int, dw *float32, stepDW, stepF int) {
	convGradDeepAVX2(filters, rows, windows, x, &places[0], stepX, stepRow, width, grad, arg, stepG, dw, stepDW, stepF)
}

func deepGradAVX512(filters, rows, windows int, x *float32, places deepPlaces, stepX, stepRow, width int, grad *float32, arg *uint8, stepG int, dw *float32, stepDW, stepF int) {
	convGradDeepAVX512(filters, rows, windows, x, &places[0], stepX, stepRow, width, grad, arg, stepG, dw, stepDW, stepF)
}

func dDeepGradAVX2(filters, rows, windows int, x *float64, places deepPlaces, stepX, stepRow, width int, grad *float64, arg *uint8, stepG int, dw *float64, stepDW, stepF int) {
	dConvGradDeepAVX2(filters, rows, windows, x, &places[0], stepX, stepRow, width, grad, arg, stepG, dw, stepDW, stepF)
}

func dDeepGradAVX512(filters, rows, windows int, x *float64, places deepPlaces, stepX, stepRow, width int, grad *float64, arg *uint8, stepG int, dw *float64, stepDW, stepF int) {
	dConvGradDeepAVX512(filters, rows, windows, x, &places[0], stepX, stepRow, width, grad, arg, stepG, dw, stepDW, stepF)
}

//go:build !purego

package kernels

var deeps = [variants]deepKernels[float32]{
	AVX2:   {8, deepGradAVX2, nil},
	AVX512: {16, deepGradAVX512, inputGradDeepAVX512},
}

// These two call a kernel by its name, so that the places may stay on the stack.

func deepGradAVX2(filters, rows, windows int, x *float32, places deepPlaces, stepX, stepRow, width int, grad *float32, arg *uint8, stepG int, dw *float32, stepDW, stepF int) {
	convGradDeepAVX2(filters, rows, windows, x, &places[0], stepX, stepRow, width, grad, arg, stepG, dw, stepDW, stepF)
}

func deepGradAVX512(filters, rows, windows int, x *float32, places deepPlaces, stepX, stepRow, width int, grad *float32, arg *uint8, stepG int, dw *float32, stepDW, stepF int) {
	convGradDeepAVX512(filters, rows, windows, x, &places[0], stepX, stepRow, width, grad, arg, stepG, dw, stepDW, stepF)
}

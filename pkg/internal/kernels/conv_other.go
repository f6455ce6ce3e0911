//go:build (!amd64 && !arm64) || purego

package kernels

// Where these kernels have no assembly, each is its plain form.

func convPool(windows int, t Taps, x []float32, right, down, stepX int, w, bias []float32, out []float32, arg []uint8, stepOut, fp int) {
	convPoolGo(windows, t, x, right, down, stepX, w, bias, out, arg, stepOut, fp)
}

func convRow(n int, t Taps, x []float32, stepX int, w, bias []float32, out []float32, stepOut int, relu bool, fp int) {
	convRowGo(n, t, x, stepX, w, bias, out, stepOut, relu, fp)
}

func (l Lookup) fill(x, q []float32) { quadsGo(l.Len/4, x, l.width, q) }

func convGrad(l Lookup, outer, outerStep, inner, innerStep, fh int, q, grad []float32, arg []uint8, dw, db []float32, fp int) {
	convGradGo(l, outer, outerStep, inner, innerStep, fh, q, grad, arg, dw, fp)
	biasGradGo(grad[:outer*inner*fp], arg, db, fp)
}

func pooledBiasGrad(windows int, grad []float32, arg []uint8, db []float32, fp int) {
	biasGradGo(grad[:windows*fp], arg, db, fp)
}

func unpool(grad []float32, arg []uint8, out []float32, right, down, fp int) {
	unpoolGo(grad, arg, out, right, down, fp)
}

func maskGrad(y, grad, out []float32) { maskGradGo(y, grad, out) }

package kernels

// Grey sets x[i] = float32(pixels[i])/255, as the class brings pixels into [0, 1]. It
// panics unless x has room for all pixels.
func Grey(pixels []uint8, x []float32) {
	x = x[:len(pixels)]
	for i := grey(pixels, x); i < len(pixels); i++ {
		x[i] = float32(pixels[i]) / 255
	}
}

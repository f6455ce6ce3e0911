package kernels

// greyKernels are those of a variant: grey converts vectors of so many lanes.
type greyKernels struct {
	lanes int
	grey  func(vectors int, pixels *uint8, x *float32)
}

// Grey sets x[i] = float32(pixels[i])/255, as the class brings pixels into [0, 1]. It
// panics unless x has room for all pixels.
func Grey(pixels []uint8, x []float32) {
	x = x[:len(pixels)]
	k := &greys[active]
	vectors := wholeVectors(len(pixels), k.lanes)
	if vectors > 0 {
		k.grey(vectors, &pixels[0], &x[0])
	}
	for i := vectors * k.lanes; i < len(pixels); i++ {
		x[i] = float32(pixels[i]) / 255
	}
}

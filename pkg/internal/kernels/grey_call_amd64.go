//go:build !purego

package kernels

// grey converts whole vectors of pixels and returns how many pixels that was.
func grey(pixels []uint8, x []float32) int {
	vectors := wholeVectors(len(pixels))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		greyAVX512(vectors, &pixels[0], &x[0])
		return 16 * vectors
	}
	greyAVX2(vectors, &pixels[0], &x[0])
	return 8 * vectors
}

//go:build !amd64 || purego

package kernels

// Where batch normalisation has no assembly, no column is done by it.

func columnSums(rows int, x []float32, stepX int, c, sum, square []float32) int { return 0 }

func normalise(rows int, x []float32, stepX int, mean, scale, shift, y []float32, stepY int, floor float32) int {
	return 0
}

func normGradSums(rows int, x []float32, stepX int, y, dy []float32, stepY int, mean, sum, product []float32, none float32) int {
	return 0
}

func normGrad(rows int, x []float32, stepX int, y, dy []float32, stepY int, mean, scale, slope, level, dx []float32, none float32) int {
	return 0
}

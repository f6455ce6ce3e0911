//go:build !purego

package kernels

// wholeVectors returns how many vectors so many columns fill.
func wholeVectors(columns int) int {
	switch active {
	case AVX512:
		return columns / 16
	case AVX2:
		return columns / 8
	}
	return 0
}

// Each of the following does as many columns as vectors hold and returns how many.

func columnSums(rows int, x []float32, stepX int, c, sum, square []float32) int {
	vectors := wholeVectors(len(c))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		columnSumsAVX512(vectors, rows, &x[0], 4*stepX, &c[0], &sum[0], &square[0])
		return 16 * vectors
	}
	columnSumsAVX2(vectors, rows, &x[0], 4*stepX, &c[0], &sum[0], &square[0])
	return 8 * vectors
}

func normalise(rows int, x []float32, stepX int, mean, scale, shift, y []float32, stepY int, floor float32) int {
	vectors := wholeVectors(len(mean))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		normaliseAVX512(vectors, rows, &x[0], 4*stepX, &mean[0], &scale[0], &shift[0], &y[0], 4*stepY, floor)
		return 16 * vectors
	}
	normaliseAVX2(vectors, rows, &x[0], 4*stepX, &mean[0], &scale[0], &shift[0], &y[0], 4*stepY, floor)
	return 8 * vectors
}

func normGradSums(rows int, x []float32, stepX int, y, dy []float32, stepY int, mean, sum, product []float32, none float32) int {
	vectors := wholeVectors(len(mean))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		normGradSumsAVX512(vectors, rows, &x[0], 4*stepX, &y[0], &dy[0], 4*stepY, &mean[0], &sum[0], &product[0], none)
		return 16 * vectors
	}
	normGradSumsAVX2(vectors, rows, &x[0], 4*stepX, &y[0], &dy[0], 4*stepY, &mean[0], &sum[0], &product[0], none)
	return 8 * vectors
}

func normGrad(rows int, x []float32, stepX int, y, dy []float32, stepY int, mean, scale, slope, level, dx []float32, none float32) int {
	vectors := wholeVectors(len(mean))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		normGradAVX512(vectors, rows, &x[0], 4*stepX, &y[0], &dy[0], 4*stepY, &mean[0], &scale[0], &slope[0], &level[0], &dx[0], none)
		return 16 * vectors
	}
	normGradAVX2(vectors, rows, &x[0], 4*stepX, &y[0], &dy[0], 4*stepY, &mean[0], &scale[0], &slope[0], &level[0], &dx[0], none)
	return 8 * vectors
}

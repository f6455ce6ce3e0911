//go:build !purego

package kernels

// group returns how many vectors of filters the next call takes.
func group(left int) int {
	switch {
	case active == AVX2:
		return 2
	case left >= 64:
		return 4
	case left >= 32:
		return 2
	}
	return 1
}

// filters returns how many filters a number of vectors holds.
func filters(vectors int) int {
	if active == AVX2 {
		return 8 * vectors
	}
	return 16 * vectors
}

func convPool(windows int, t Taps, x []float32, right, down, stepX int, w, bias []float32, out []float32, arg []uint8, stepOut, fp int) {
	for f, vectors := 0, 0; f < fp; f += filters(vectors) {
		vectors = group(fp - f)
		if vectors == 1 && t.square() && windows >= leastSquareWindows && right == t.stepX && down == t.stepY && stepX == 2*right {
			squarePool(windows, t, x, w[f:], bias[f:], out[f:], arg[f:], stepOut, fp)
			continue
		}
		// Two windows at a time where registers hold them, then the last one.
		pairs := 0
		if active == AVX512 && vectors <= 2 {
			pairs = windows / 2 * 2
		}
		if pairs > 0 {
			convPoolPairs(vectors, pairs, t, &x[0], right, down, stepX, &w[f], &bias[f], &out[f], &arg[f], stepOut, fp)
		}
		if pairs < windows {
			at := pairs*stepOut + f
			convPoolOne(vectors, windows-pairs, t, &x[pairs*stepX], right, down, stepX, &w[f], &bias[f], &out[at], &arg[at], stepOut, fp)
		}
	}
}

func convPoolPairs(vectors, windows int, t Taps, x *float32, right, down, stepX int, w, bias, out *float32, arg *uint8, stepOut, fp int) {
	if vectors == 2 {
		convPoolPairs2AVX512(windows, t.Len(), &t.offsets[0], x, 4*right, 4*down, 4*stepX, w, 4*fp, bias, out, arg, 4*stepOut)
	} else {
		convPoolPairs1AVX512(windows, t.Len(), &t.offsets[0], x, 4*right, 4*down, 4*stepX, w, 4*fp, bias, out, arg, 4*stepOut)
	}
}

func convPoolOne(vectors, windows int, t Taps, x *float32, right, down, stepX int, w, bias, out *float32, arg *uint8, stepOut, fp int) {
	switch {
	case active == AVX2:
		convPool2AVX2(windows, t.Len(), &t.offsets[0], x, 4*right, 4*down, 4*stepX, w, 4*fp, bias, out, arg, 4*stepOut)
	case vectors == 4:
		convPool4AVX512(windows, t.Len(), &t.offsets[0], x, 4*right, 4*down, 4*stepX, w, 4*fp, bias, out, arg, 4*stepOut)
	case vectors == 2:
		convPool2AVX512(windows, t.Len(), &t.offsets[0], x, 4*right, 4*down, 4*stepX, w, 4*fp, bias, out, arg, 4*stepOut)
	default:
		convPool1AVX512(windows, t.Len(), &t.offsets[0], x, 4*right, 4*down, 4*stepX, w, 4*fp, bias, out, arg, 4*stepOut)
	}
}

// convRow takes as many positions at a time as it can. What is left over at the end
// of a row is taken together with positions before it, which are computed again.
func convRow(n int, t Taps, x []float32, stepX int, w, bias []float32, out []float32, stepOut int, relu bool, fp int) {
	for f, vectors := 0, 0; f < fp; f += filters(vectors) {
		vectors = group(fp - f)
		if vectors == 1 && t.square() && n >= leastSquareColumns && stepX == t.stepX {
			squareRow(n, t, x, w[f:], bias[f:], out[f:], stepOut, relu, fp)
			continue
		}
		most := 4
		if active == AVX512 && vectors <= 2 {
			most = 8
		}
		for from, left := 0, n; left > 0; {
			positions := 1
			switch {
			case most == 8 && n >= 8 && left > 4:
				positions = 8
			case n >= 4:
				positions = 4
			}
			groups := max(left/positions, 1)
			at := min(from, n-positions)
			convRowGroups(positions, vectors, groups, t, &x[at*stepX], stepX, &w[f], &bias[f], &out[at*stepOut+f], stepOut, relu, fp)
			from += groups * positions
			left -= groups * positions
		}
	}
}

func convRowGroups(positions, vectors, groups int, t Taps, x *float32, stepX int, w, bias, out *float32, stepOut int, relu bool, fp int) {
	switch {
	case positions == 8 && vectors == 2:
		convRow8x2AVX512(groups, t.Len(), &t.offsets[0], x, 4*stepX, w, 4*fp, bias, out, 4*stepOut, relu)
	case positions == 8:
		convRow8x1AVX512(groups, t.Len(), &t.offsets[0], x, 4*stepX, w, 4*fp, bias, out, 4*stepOut, relu)
	case positions == 4:
		convRow4(vectors, groups, t, x, stepX, w, bias, out, stepOut, relu, fp)
	default:
		convRow1(vectors, groups, t, x, stepX, w, bias, out, stepOut, relu, fp)
	}
}

func convRow4(vectors, groups int, t Taps, x *float32, stepX int, w, bias, out *float32, stepOut int, relu bool, fp int) {
	switch {
	case active == AVX2:
		convRow4x2AVX2(groups, t.Len(), &t.offsets[0], x, 4*stepX, w, 4*fp, bias, out, 4*stepOut, relu)
	case vectors == 4:
		convRow4x4AVX512(groups, t.Len(), &t.offsets[0], x, 4*stepX, w, 4*fp, bias, out, 4*stepOut, relu)
	case vectors == 2:
		convRow4x2AVX512(groups, t.Len(), &t.offsets[0], x, 4*stepX, w, 4*fp, bias, out, 4*stepOut, relu)
	default:
		convRow4x1AVX512(groups, t.Len(), &t.offsets[0], x, 4*stepX, w, 4*fp, bias, out, 4*stepOut, relu)
	}
}

func convRow1(vectors, groups int, t Taps, x *float32, stepX int, w, bias, out *float32, stepOut int, relu bool, fp int) {
	switch {
	case active == AVX2:
		convRow1x2AVX2(groups, t.Len(), &t.offsets[0], x, 4*stepX, w, 4*fp, bias, out, 4*stepOut, relu)
	case vectors == 4:
		convRow1x4AVX512(groups, t.Len(), &t.offsets[0], x, 4*stepX, w, 4*fp, bias, out, 4*stepOut, relu)
	case vectors == 2:
		convRow1x2AVX512(groups, t.Len(), &t.offsets[0], x, 4*stepX, w, 4*fp, bias, out, 4*stepOut, relu)
	default:
		convRow1x1AVX512(groups, t.Len(), &t.offsets[0], x, 4*stepX, w, 4*fp, bias, out, 4*stepOut, relu)
	}
}

func unpool(grad []float32, arg []uint8, out []float32, right, down, fp int) {
	if active == AVX2 {
		unpoolAVX2(fp/8, &grad[0], &arg[0], &out[0], 4*right, 4*down)
	} else {
		unpoolAVX512(fp/16, &grad[0], &arg[0], &out[0], 4*right, 4*down)
	}
}

func maskGrad(y, grad, out []float32) {
	if active == AVX2 {
		maskGradAVX2(len(out)/8, &y[0], &grad[0], &out[0])
	} else {
		maskGradAVX512(len(out)/16, &y[0], &grad[0], &out[0])
	}
}

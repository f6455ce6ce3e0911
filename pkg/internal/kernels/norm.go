package kernels

import "math"

// The kernels of batch normalisation take matrices of some rows and len(mean)
// columns, whose rows are stepX or stepY apart. There must be one row at least.

// ColumnSums does, over rows r,
//
//	sum[f] += x[r][f] - c[f]
//	square[f] += (x[r][f] - c[f])²
//
// A c that is like the values of its column keeps the squares small.
func ColumnSums(rows int, x []float32, stepX int, c, sum, square []float32) {
	n := len(c)
	_, _, _ = x[(rows-1)*stepX+n-1], sum[:n], square[:n]
	for f := columnSums(rows, x, stepX, c, sum, square); f < n; f++ {
		for r := range rows {
			v := x[r*stepX+f] - c[f]
			sum[f] += v
			square[f] += v * v
		}
	}
}

// Normalise sets
//
//	y[r][f] = (x[r][f] - mean[f])*scale[f] + shift[f]
//
// or 0 where relu is set and that is <= 0.
func Normalise(rows int, x []float32, stepX int, mean, scale, shift, y []float32, stepY int, relu bool) {
	n := len(mean)
	_, _, _, _ = x[(rows-1)*stepX+n-1], y[(rows-1)*stepY+n-1], scale[:n], shift[:n]
	for f := normalise(rows, x, stepX, mean, scale, shift, y, stepY, none(relu)); f < n; f++ {
		for r := range rows {
			v := (x[r*stepX+f]-mean[f])*scale[f] + shift[f]
			if relu && v <= 0 {
				v = 0
			}
			y[r*stepY+f] = v
		}
	}
}

// NormGradSums does, over rows r,
//
//	sum[f] += g
//	product[f] += g * (x[r][f] - mean[f])
//
// where g is dy[r][f], or 0 where relu is set and y[r][f] is 0.
func NormGradSums(rows int, x []float32, stepX int, y, dy []float32, stepY int, mean, sum, product []float32, relu bool) {
	n := len(mean)
	_, _, _, _, _ = x[(rows-1)*stepX+n-1], y[(rows-1)*stepY+n-1], dy[(rows-1)*stepY+n-1], sum[:n], product[:n]
	for f := normGradSums(rows, x, stepX, y, dy, stepY, mean, sum, product, none(relu)); f < n; f++ {
		for r := range rows {
			if g := dy[r*stepY+f]; !relu || y[r*stepY+f] != 0 {
				sum[f] += g
				product[f] += g * (x[r*stepX+f] - mean[f])
			}
		}
	}
}

// NormGrad sets
//
//	dx[r][f] = g*scale[f] + (x[r][f] - mean[f])*slope[f] + level[f]
//
// where g is dy[r][f], or 0 where relu is set and y[r][f] is 0.
func NormGrad(rows int, x []float32, stepX int, y, dy []float32, stepY int, mean, scale, slope, level, dx []float32, relu bool) {
	n := len(mean)
	_, _, _, _ = x[(rows-1)*stepX+n-1], y[(rows-1)*stepY+n-1], dy[(rows-1)*stepY+n-1], dx[(rows-1)*stepX+n-1]
	_, _, _ = scale[:n], slope[:n], level[:n]
	for f := normGrad(rows, x, stepX, y, dy, stepY, mean, scale, slope, level, dx, none(relu)); f < n; f++ {
		for r := range rows {
			v := (x[r*stepX+f]-mean[f])*slope[f] + level[f]
			if !relu || y[r*stepY+f] != 0 {
				v += dy[r*stepY+f] * scale[f]
			}
			dx[r*stepX+f] = v
		}
	}
}

// none is the output of Relu that has no gradient, 0, or without Relu a nan: no output
// is equal to it, or less.
func none(relu bool) float32 {
	if relu {
		return 0
	}
	return float32(math.NaN())
}

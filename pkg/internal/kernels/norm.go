package kernels

import "math"

// The kernels of batch normalisation take matrices of some rows and len(mean)
// columns. There must be one row at least.

// Values are a map, Y, and its gradient, DY, as matrices that are laid out alike:
// [r][f] stands at r*Row + f.
type Values[T float32 | float64] struct {
	Y, DY []T
	Row   int
}

// normKernels are those of a variant, for vectors of so many lanes. Steps of rows are in
// bytes.
type normKernels[T float32 | float64] struct {
	lanes        int
	columnSums   func(vectors, rows int, x *T, stepX int, c, sum, square *T)
	normalise    func(vectors, rows int, x *T, stepX int, mean, scale, shift, y *T, stepY int, floor T)
	normGradSums func(vectors, rows int, x *T, stepX int, y, dy *T, stepY int, mean, sum, product *T, none T)
	normGrad     func(vectors, rows int, x *T, stepX int, y, dy *T, stepY int, mean, scale, slope, level, dx *T, none T)
}

// ColumnSums does, over rows r,
//
//	sum[f] += x[r][f] - c[f]
//	square[f] += (x[r][f] - c[f])²
//
// A c that is like the values of its column keeps the squares small.
func ColumnSums[T float32 | float64](rows int, x Matrix[T], c, sum, square []T) {
	n := len(c)
	_, _, _ = x.Data[(rows-1)*x.Row+n-1], sum[:n], square[:n]
	k := of[normKernels[T]](&norms[active], &dnorms[active])
	vectors := wholeVectors(n, k.lanes)
	if vectors > 0 {
		k.columnSums(vectors, rows, &x.Data[0], sizeOf[T]()*x.Row, &c[0], &sum[0], &square[0])
	}
	rest := vectors * k.lanes
	c, sum, square = c[rest:], sum[rest:n], square[rest:n]
	for r := 0; r < rows && rest < n; r++ {
		sum, square, c := sum, square[:len(sum)], c[:len(sum)]
		for f, v := range x.Data[r*x.Row+rest:][:len(sum)] {
			v -= c[f]
			sum[f] += v
			square[f] += T(v * v)
		}
	}
}

// Normalise sets
//
//	y[r][f] = (x[r][f] - mean[f])*scale[f] + shift[f]
//
// or 0 where relu is set and that is <= 0.
func Normalise[T float32 | float64](rows int, x Matrix[T], mean, scale, shift []T, y Matrix[T], relu bool) {
	n := len(mean)
	_, _, _, _ = x.Data[(rows-1)*x.Row+n-1], y.Data[(rows-1)*y.Row+n-1], scale[:n], shift[:n]
	k := of[normKernels[T]](&norms[active], &dnorms[active])
	vectors := wholeVectors(n, k.lanes)
	if vectors > 0 {
		k.normalise(vectors, rows, &x.Data[0], sizeOf[T]()*x.Row, &mean[0], &scale[0], &shift[0], &y.Data[0], sizeOf[T]()*y.Row, none[T](relu))
	}
	rest := vectors * k.lanes
	mean, scale, shift = mean[rest:], scale[rest:n], shift[rest:n]
	for r := 0; r < rows && rest < n; r++ {
		mean, scale, shift := mean, scale[:len(mean)], shift[:len(mean)]
		y := y.Data[r*y.Row+rest:][:len(mean)]
		for f, v := range x.Data[r*x.Row+rest:][:len(mean)] {
			v = T((v-mean[f])*scale[f]) + shift[f]
			if relu && v <= 0 {
				v = 0
			}
			y[f] = v
		}
	}
}

// NormGradSums does, over rows r,
//
//	sum[f] += g
//	product[f] += g * (x[r][f] - mean[f])
//
// where g is out.DY[r][f], or 0 where relu is set and out.Y[r][f] is 0.
func NormGradSums[T float32 | float64](rows int, x Matrix[T], out Values[T], mean, sum, product []T, relu bool) {
	n := len(mean)
	last := (rows-1)*out.Row + n - 1
	_, _, _, _, _ = x.Data[(rows-1)*x.Row+n-1], out.Y[last], out.DY[last], sum[:n], product[:n]
	k := of[normKernels[T]](&norms[active], &dnorms[active])
	vectors := wholeVectors(n, k.lanes)
	if vectors > 0 {
		k.normGradSums(vectors, rows, &x.Data[0], sizeOf[T]()*x.Row, &out.Y[0], &out.DY[0], sizeOf[T]()*out.Row, &mean[0], &sum[0], &product[0], none[T](relu))
	}
	rest := vectors * k.lanes
	mean, sum, product = mean[rest:], sum[rest:n], product[rest:n]
	for r := 0; r < rows && rest < n; r++ {
		mean, sum, product := mean, sum[:len(mean)], product[:len(mean)]
		y, dy := out.Y[r*out.Row+rest:][:len(mean)], out.DY[r*out.Row+rest:][:len(mean)]
		for f, v := range x.Data[r*x.Row+rest:][:len(mean)] {
			g := dy[f]
			if relu && y[f] == 0 {
				g = 0
			}
			sum[f] += g
			product[f] += T(g * (v - mean[f]))
		}
	}
}

// NormGrad sets
//
//	in.DY[r][f] = g*scale[f] + (in.Y[r][f] - mean[f])*slope[f] + level[f]
//
// where g is out.DY[r][f], or 0 where relu is set and out.Y[r][f] is 0.
func NormGrad[T float32 | float64](rows int, in, out Values[T], mean, scale, slope, level []T, relu bool) {
	n := len(mean)
	lastIn, lastOut := (rows-1)*in.Row+n-1, (rows-1)*out.Row+n-1
	_, _, _, _ = in.Y[lastIn], in.DY[lastIn], out.Y[lastOut], out.DY[lastOut]
	_, _, _ = scale[:n], slope[:n], level[:n]
	k := of[normKernels[T]](&norms[active], &dnorms[active])
	vectors := wholeVectors(n, k.lanes)
	if vectors > 0 {
		k.normGrad(vectors, rows, &in.Y[0], sizeOf[T]()*in.Row, &out.Y[0], &out.DY[0], sizeOf[T]()*out.Row,
			&mean[0], &scale[0], &slope[0], &level[0], &in.DY[0], none[T](relu))
	}
	rest := vectors * k.lanes
	mean, scale, slope, level = mean[rest:], scale[rest:n], slope[rest:n], level[rest:n]
	for r := 0; r < rows && rest < n; r++ {
		mean, scale, slope, level := mean, scale[:len(mean)], slope[:len(mean)], level[:len(mean)]
		y, dy := out.Y[r*out.Row+rest:][:len(mean)], out.DY[r*out.Row+rest:][:len(mean)]
		dx := in.DY[r*in.Row+rest:][:len(mean)]
		for f, v := range in.Y[r*in.Row+rest:][:len(mean)] {
			g := dy[f]
			if relu && y[f] == 0 {
				g = 0
			}
			dx[f] = T((v-mean[f])*slope[f]) + level[f] + T(g*scale[f])
		}
	}
}

// none is the output of Relu that has no gradient, 0, or without Relu a nan: no output
// is equal to it, or less.
func none[T float32 | float64](relu bool) T {
	if relu {
		return 0
	}
	return T(math.NaN())
}

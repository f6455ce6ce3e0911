package kernels

// peakKernels are those of a variant: peak adds to so many vectors, sums, of so many
// lanes; triad does vectors of them.
type peakKernels struct {
	lanes, sums int
	peak        func(rounds int, x, y float32) (sum float32)
	triad       func(vectors int, out, x, y *float32, a float32)
}

// Peak multiplies and adds in registers alone, rounds times,
//
//	sum[i] += x * y
//
// in so many independent vectors that no operation waits for another. It returns
// how many floating-point operations that was, a multiplication and an addition
// being two, and the first elements of all sums together: rounds * x * y for each
// vector. How long it takes gives the most that the active variant can reach on
// this machine.
func Peak(rounds int, x, y float32) (operations int, sum float32) {
	if rounds <= 0 {
		return 0, 0
	}
	k := &peaks[active]
	if k.peak == nil {
		return peakGo(rounds, x, y)
	}
	return 2 * k.lanes * k.sums * rounds, k.peak(rounds, x, y)
}

// peakGo does one number at a time, which is what Go's compiler makes of loops.
func peakGo(rounds int, x, y float32) (operations int, sum float32) {
	var a, b, c, d, e, f, g, h float32
	for range rounds {
		a += x * y
		b += x * y
		c += x * y
		d += x * y
		e += x * y
		f += x * y
		g += x * y
		h += x * y
	}
	return 2 * 8 * rounds, a + b + c + d + e + f + g + h
}

// Triad does out = x + a*y for each number, as the STREAM benchmark does: of little
// arithmetic, it takes as long as its bytes do. All slices have the length of out.
func Triad(out, x, y []float32, a float32) {
	x, y = x[:len(out)], y[:len(out)]
	k := &peaks[active]
	vectors := wholeVectors(len(out), k.lanes)
	if vectors > 0 {
		k.triad(vectors, &out[0], &x[0], &y[0], a)
	}
	for i := vectors * k.lanes; i < len(out); i++ {
		out[i] = x[i] + a*y[i]
	}
}

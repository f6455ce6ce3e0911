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

// peakGo is the loop in which plain Go multiplies: of one number at a time, which is what the
// compiler makes of loops. Of products of x and y alone it would compute one.
func peakGo(rounds int, x, y float32) (operations int, sum float32) {
	var sums [octet]float32
	var xs [plainDepth]float32
	var panel [octet * plainDepth]float32
	for p := range xs {
		xs[p] = x
	}
	for p := range panel {
		panel[p] = y
	}
	for p := 0; p < rounds; p += plainDepth {
		depth := min(plainDepth, rounds-p)
		dot8(&sums, xs[:depth], panel[:octet*depth])
	}
	for _, s := range sums {
		sum += s
	}
	return 2 * octet * rounds, sum
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

//go:build !purego

package kernels

// peakSums is how many vectors the assembly adds to: more than latency times
// units, 4 cycles and 4 units.
const peakSums = 20

// peakNEON does sum += x*y in 20 vectors of 4, rounds times, and returns the first
// lane of all of them added.
func peakNEON(rounds int, x, y float32) (sum float32)

func peak(rounds int, x, y float32) (operations int, sum float32) {
	return 2 * 4 * peakSums * rounds, peakNEON(rounds, x, y)
}

// triadNEON does out = x + a*y for vectors of 4, at least one.
//
//go:noescape
func triadNEON(vectors int, out, x, y *float32, a float32)

// triad does whole vectors and returns how many numbers that was.
func triad(out, x, y []float32, a float32) int {
	vectors := len(out) / 4
	if vectors > 0 {
		triadNEON(vectors, &out[0], &x[0], &y[0], a)
	}
	return 4 * vectors
}

//go:build !purego

package kernels

// peakSums is how many vectors the assembly adds to: more than latency times
// units, 4 cycles and 4 units.
const peakSums = 20

// peakNEON does sum += x*y in 20 vectors of 4, rounds times, and returns the first
// lane of all of them added.
func peakNEON(rounds int, x, y float32) (sum float32)

// triadNEON does out = x + a*y for vectors of 4, at least one.
//
//go:noescape
func triadNEON(vectors int, out, x, y *float32, a float32)

var peaks = [variants]peakKernels{NEON: {4, peakSums, peakNEON, triadNEON}}

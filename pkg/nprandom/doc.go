// Package nprandom draws what NumPy's legacy generator draws, bit for bit and
// in the same order: New(0) gives the numbers that follow np.random.seed(0).
//
// The generator is the Mersenne Twister MT19937. Uniform numbers take 53 bits
// of two draws, normal ones the polar method of Marsaglia with the second of
// each pair kept for the next call, integers are masked and redrawn until they
// fit. (NumPy: random/mtrand.pyx, src/legacy/legacy-distributions.c) The logarithm in
// the polar method is that of NumPy on Linux, on whatever machine Go runs.
//
// There is no hidden global generator: whoever draws holds a RandomState.
package nprandom

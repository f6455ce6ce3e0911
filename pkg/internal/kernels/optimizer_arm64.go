//go:build !purego

package kernels

// adamNEON does m += b1*(grad - m); v += b2*(grad*grad - v); p -= rate*m/(sqrt(v) + epsilon)
// for vectors of 4, at least one.
//
//go:noescape
func adamNEON(vectors int, p, grad, m, v *float32, rate, b1, b2, epsilon float32)

var (
	updates  = [variants]optimizers[float32]{NEON: {lanes: 4, adam: adamNEON}}
	dupdates [variants]optimizers[float64]
)

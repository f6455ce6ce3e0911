//go:build !purego

package kernels

// adamNEON does m += b1*(grad - m); v += b2*(grad*grad - v); p -= rate*m/(sqrt(v) + epsilon)
// for vectors of 4, at least one.
//
//go:noescape
func adamNEON(vectors int, p, grad, m, v *float32, rate, b1, b2, epsilon float32)

// adam updates whole vectors and returns how many parameters that was.
func adam(p, g, m, v []float32, rate, b1, b2, epsilon float32) int {
	vectors := len(p) / 4
	if vectors > 0 && active != PureGo {
		adamNEON(vectors, &p[0], &g[0], &m[0], &v[0], rate, b1, b2, epsilon)
		return 4 * vectors
	}
	return 0
}

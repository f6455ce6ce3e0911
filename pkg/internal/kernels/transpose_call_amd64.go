//go:build !purego

package kernels

// transposeSide is how many rows and columns transposeSquare takes, 0 where it
// cannot be called.
func transposeSide() int {
	return [...]int{PureGo: 0, AVX2: 8, AVX512: 16}[active]
}

func transposeSquare(a []float32, rowA int, b []float32, rowB int) {
	if active == AVX512 {
		transposeAVX512(&a[0], 4*rowA, &b[0], 4*rowB)
	} else {
		transposeAVX2(&a[0], 4*rowA, &b[0], 4*rowB)
	}
}

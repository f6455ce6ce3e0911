//go:build !purego

package kernels

// transposeNEON transposes 4 rows and columns, whose rows are rowA and rowB bytes apart.
//
//go:noescape
func transposeNEON(a *float32, rowA int, b *float32, rowB int)

// transposeSide is how many rows and columns transposeSquare takes, 0 where it
// cannot be called.
func transposeSide() int {
	if active == PureGo {
		return 0
	}
	return 4
}

func transposeSquare(a []float32, rowA int, b []float32, rowB int) {
	transposeNEON(&a[0], 4*rowA, &b[0], 4*rowB)
}

package blas

import (
	"fmt"

	"gonum.org/v1/gonum/blas"
)

// isTransposed panics unless t is one of the three values that BLAS knows.
func isTransposed(t blas.Transpose) bool {
	switch t {
	case blas.NoTrans:
		return false
	case blas.Trans, blas.ConjTrans:
		return true
	}
	panic(fmt.Sprintf("blas: illegal transpose %q, want NoTrans, Trans or ConjTrans", byte(t)))
}

func checkSize(name string, n int) {
	if n < 0 {
		panic(fmt.Sprintf("blas: %s is %d, want 0 or more", name, n))
	}
}

// checkStride panics when rows of cols elements overlap.
func checkStride(name string, cols, stride int) {
	if least := max(1, cols); stride < least {
		panic(fmt.Sprintf("blas: rows of %s begin every %d elements, want every %d or more", name, stride, least))
	}
}

// checkLength panics when a matrix goes beyond its slice.
func checkLength(name string, rows, cols, stride, length int) {
	if rows > 0 && cols > 0 && length < (rows-1)*stride+cols {
		panic(fmt.Sprintf("blas: %s is %dx%d with rows every %d elements, but its slice has only %d", name, rows, cols, stride, length))
	}
}

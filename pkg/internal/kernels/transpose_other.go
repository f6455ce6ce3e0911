//go:build (!amd64 && !arm64) || purego

package kernels

func transposeSide() int { return 0 }

func transposeSquare(a []float32, rowA int, b []float32, rowB int) {
	panic("kernels: no transpose of squares here")
}

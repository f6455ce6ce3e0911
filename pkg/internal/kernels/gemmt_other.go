//go:build (!amd64 && !arm64) || purego

package kernels

// HasGemmT says whether GemmT runs in vectors, or one number at a time.
func HasGemmT() bool { return false }

func gemmTBlock(m, n, k int, a []float32, rowA int, b []float32, rowB int, c []float32, rowC int, add bool) {
	gemmTGo(m, n, k, a, rowA, b, rowB, c, rowC, add)
}

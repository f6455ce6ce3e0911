//go:build (!amd64 && !arm64) || purego

package kernels

// hasGemm says whether there are kernels for products.
func hasGemm[T float32 | float64]() bool { return false }

func gemmBlock[T float32 | float64](m, n, k int, a Strided[T], b, c Matrix[T], add bool) {
	gemmGo(m, n, k, a, b, c, add)
}

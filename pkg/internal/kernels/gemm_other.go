//go:build (!amd64 && !arm64) || purego

package kernels

func gemmBlock[T float32 | float64](m, n, k int, a []T, rowA, stepA int, b []T, rowB int, c []T, rowC int, add bool) {
	gemmGo(m, n, k, a, rowA, stepA, b, rowB, c, rowC, add)
}

//go:build (!amd64 && !arm64) || purego

package kernels

// HasGemmT says whether GemmT runs in vectors, or one number at a time.
func HasGemmT() bool { return false }

func gemmTBlock(m, n, panels, k int, a []float32, rowA, panelA int, b []float32, rowB, panelB int, c []float32, rowC int, add bool) {
	gemmTPanelsGo(m, n, panels, k, a, rowA, panelA, b, rowB, panelB, c, rowC, add)
}

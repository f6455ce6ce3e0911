//go:build (!amd64 && !arm64) || purego

package kernels

// HasGemmT says whether GemmT runs in vectors, or one number at a time.
func HasGemmT[T float32 | float64]() bool { return false }

func gemmTBlock(m, n, panels, k int, a, b Panels[float32], c Matrix[float32], add bool) {
	gemmTPanelsGo(m, n, panels, k, a, b, c, add)
}

//go:build (!amd64 && !arm64) || purego

package kernels

// Batch normalisation has no assembly here.
var (
	norms  [variants]normKernels[float32]
	dnorms [variants]normKernels[float64]
)

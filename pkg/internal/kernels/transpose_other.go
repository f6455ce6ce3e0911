//go:build (!amd64 && !arm64) || purego

package kernels

// The transpose has no assembly here.
var (
	transposes  [variants]transposeKernels[float32]
	dtransposes [variants]transposeKernels[float64]
)

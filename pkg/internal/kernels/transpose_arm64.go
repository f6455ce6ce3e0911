//go:build !purego

package kernels

var (
	transposes  = [variants]transposeKernels[float32]{NEON: {4, transposeNEON}}
	dtransposes = [variants]transposeKernels[float64]{NEON: {2, dTransposeNEON}}
)

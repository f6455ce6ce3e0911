//go:build !purego

package kernels

// transposeNEON transposes 4 rows and columns, whose rows are rowA and rowB bytes apart.
//
//go:noescape
func transposeNEON(a *float32, rowA int, b *float32, rowB int)

var (
	transposes  = [variants]transposeKernels[float32]{NEON: {4, transposeNEON}}
	dtransposes [variants]transposeKernels[float64]
)

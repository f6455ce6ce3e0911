//go:build (!amd64 && !arm64) || purego

package kernels

// The optimizers have no assembly here.
var (
	updates  [variants]optimizers[float32]
	dupdates [variants]optimizers[float64]
)

//go:build (!amd64 && !arm64) || purego

package kernels

// The gradients of filters over many channels have no assembly here.
var (
	deeps  [variants]deepKernels[float32]
	ddeeps [variants]deepKernels[float64]
)

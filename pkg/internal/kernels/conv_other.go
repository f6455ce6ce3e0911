//go:build (!amd64 && !arm64) || purego

package kernels

// The convolution has no assembly here.
var (
	convs  [variants]convKernels[float32]
	dconvs [variants]convKernels[float64]
	grads  [variants]gradKernels[float32]
	dgrads [variants]gradKernels[float64]
)

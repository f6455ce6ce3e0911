//go:build (!amd64 && !arm64) || purego

package kernels

// The convolution has no assembly here.
var (
	convs [variants]convKernels
	grads [variants]gradKernels
)

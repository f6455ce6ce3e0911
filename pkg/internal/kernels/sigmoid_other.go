//go:build !amd64 || purego

package kernels

// Sigmoid has no assembly here.
var sigmoids [variants]sigmoidKernels

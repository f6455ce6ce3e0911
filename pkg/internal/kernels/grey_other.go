//go:build !amd64 || purego

package kernels

// The conversion of pixels has no assembly here.
var greys [variants]greyKernels

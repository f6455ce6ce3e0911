// Package kernels holds the loops that training spends its time in: matrix
// product, convolution with pooling, their gradients, Adam. Each exists as Go
// assembly for AVX-512 and for AVX2 with FMA, chosen when the program starts, and
// as plain Go for every other machine and for the build tag purego; matrix
// product, convolution forward and Adam also for NEON on arm64. The environment
// variable CONVBOOK_KERNELS (avx512, avx2, neon or purego) forces one.
//
// Maps are kept filter-last here: a map of OH x OW positions and FN filters is
//
//	position (0,0)          position (0,1)
//	f0 f1 … f(FP-1)         f0 f1 … f(FP-1)      …
//
// with FP, the number of filters rounded up to a multiple of Group, so that a
// vector holds neighbouring filters of one position. The filters' weights are a
// matrix of one row for each tap (an offset in the image and a channel) and FP
// columns, and a convolution at one position is
//
//	out[f] = bias[f] + sum over tap of x[position + offset[tap]] * w[tap][f]
//
// Strides and offsets are in elements in this package's functions and in bytes
// in the assembly.
package kernels

//go:generate go run -C gen ./gemm -out ../gemm_amd64.s -stubs ../gemm_amd64.go -pkg kernels
//go:generate go run -C gen ./neon -out ../gemm_arm64.s -stubs ../gemm_arm64.go
//go:generate go run -C gen ./conv -out ../conv_amd64.s -stubs ../conv_amd64.go -pkg kernels
//go:generate go run -C gen ./adam -out ../adam_amd64.s -stubs ../adam_amd64.go -pkg kernels

// Group is what numbers of filters are rounded up to.
const Group = 16

// RoundUp returns the smallest multiple of Group that is at least n.
func RoundUp(n int) int { return (n + Group - 1) / Group * Group }

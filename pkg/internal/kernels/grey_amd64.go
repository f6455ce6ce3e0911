//go:build !purego

package kernels

var greys = [...]greyKernels{
	AVX2:   {8, greyAVX2},
	AVX512: {16, greyAVX512},
}

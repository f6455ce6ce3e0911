//go:build !purego

package kernels

var greys = [variants]greyKernels{
	AVX2:   {8, greyAVX2},
	AVX512: {16, greyAVX512},
}

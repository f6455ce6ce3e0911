//go:build !purego

package kernels

import "unsafe"

// Masks of the first lanes of a vector: bits for AVX-512, words of ones for AVX2.
var (
	bitMasks    [17]uint16
	wordMasks   [16]int32
	doubleMasks [8]int64
)

func init() {
	for n := range bitMasks {
		bitMasks[n] = 1<<n - 1
	}
	for i := range 8 {
		wordMasks[i] = -1
	}
	for i := range 4 {
		doubleMasks[i] = -1
	}
}

// bitMask returns the mask of the first n lanes for AVX-512.
func bitMask(n int) *byte { return (*byte)(unsafe.Pointer(&bitMasks[n])) }

// wordMask returns that of numbers of 4 bytes for AVX2.
func wordMask(n int) *byte { return (*byte)(unsafe.Pointer(&wordMasks[8-n])) }

// doubleMask returns that of numbers of 8 bytes for AVX2.
func doubleMask(n int) *byte { return (*byte)(unsafe.Pointer(&doubleMasks[4-n])) }

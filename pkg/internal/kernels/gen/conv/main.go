// Command conv generates the kernels of the convolution.
package main

import (
	. "github.com/mmcloughlin/avo/build"

	"convbook/pkg/internal/kernels/gen/isa"
)

// Predicates of VCMPPS.
const (
	lessOrEqual     = 0x02 // false for nan
	notLessOrEqual  = 0x06 // true for nan
	ordered         = 0x07 // neither is nan
	notEqual        = 0x04 // true for nan
	windowPositions = 4
	noGradient      = 4 // argument of the maximum where Relu cuts it off
)

// doubles generates what there is for float64: convolutions of 16 filters and of 32.
func doubles(s isa.Set) {
	for _, vectors := range []int{2, 4} {
		if vectors == 4 && s.Bytes < isa.AVX512.Bytes {
			break
		}
		convPool(s, vectors, 1)
		for _, positions := range []int{4, 1} {
			convRow(s, vectors, positions)
		}
	}
}

func main() {
	ConstraintExpr("!purego")
	positions := windowPlaces()
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2} {
		widths := []int{1, 2, 4}
		if s == isa.AVX2 {
			widths = []int{2}
		}
		for _, vectors := range widths {
			convPool(s, vectors, 1)
			if s == isa.AVX512 && vectors <= 2 {
				convPool(s, vectors, 2)
			}
			for _, positions := range []int{8, 4, 1} {
				if positions < 8 || s == isa.AVX512 && vectors <= 2 {
					convRow(s, vectors, positions)
				}
			}
		}
		doubles(s.Float64())
		for _, s := range []isa.Set{s, s.Float64()} {
			for columns := 1; columns <= maxColumns; columns++ {
				convGrad(s, positions, 1, columns)
				if rows := gradRows(s, columns); rows > 1 {
					convGrad(s, positions, rows, columns)
				}
			}
			lookup(s)
			convGradDeep(s)
			inputGradDeep(s)
			maxPool(s)
			unpool(s)
			maskGrad(s)
		}
		if s == isa.AVX512 {
			for _, columns := range []int{14, 12, 8} {
				squareRow(s, columns)
			}
			for _, windows := range []int{4, 3} {
				squarePool(s, windows)
			}
		}
	}
	Generate()
}

package main

import "fmt"

// gemm generates the micro-kernels of the matrix product.
func gemm(f *file) {
	for _, n := range numbers {
		for _, rows := range []int{4, 1} {
			for _, vectors := range []int{4, 1, 0} {
				tile(f, n, rows, vectors)
			}
		}
	}
}

// number is an element type: what its functions are called, its lanes, and the
// letter of its scalar instructions.
type number struct {
	prefix, goType, lanes, lane, letter string
	count                               int // lanes of a vector
}

var numbers = []number{
	{"s", "float32", "S4", "S", "S", 4},
	{"d", "float64", "D2", "D", "D", 2},
}

// tile generates C[r][j] (+)= sum over k of A[r][k] * B[k][j] for a tile of C of
// the given number of vectors, or of a single column for 0 vectors.
//
// Registers: V0 to V15 hold the sums, row by row; V16 to V19 a row of B; V20 to
// V23 an element of A in all lanes; V24 ones.
func tile(f *file, n number, rows, vectors int) {
	columns := max(vectors*n.count, 1)
	name := fmt.Sprintf("%sgemm%dx%dNEON", n.prefix, rows, columns)
	signature := fmt.Sprintf("(k int, a *%[1]s, rowA int, stepA int, b *%[1]s, stepB int, c *%[1]s, rowC int, add bool)", n.goType)
	f.function(name, fmt.Sprintf(`// %[1]s sets C[r][j] = sum over k of A[r][k]*B[k][j], or adds it where add is set,
// for r < %[2]d and j < %[3]d. A[r][k] is at a + r*rowA + k*stepA, B[k] at b + k*stepB,
// C[r] at c + r*rowC, all in bytes.`, name, rows, columns), signature, 65)
	line, label := f.line, f.label
	line("MOVD k+0(FP), R0")
	line("MOVD a+8(FP), R1")
	line("MOVD rowA+16(FP), R5")
	line("MOVD stepA+24(FP), R6")
	line("MOVD b+32(FP), R7")
	line("MOVD stepB+40(FP), R8")
	line("MOVD c+48(FP), R9")
	line("MOVD rowC+56(FP), R10")
	line("MOVBU add+64(FP), R11")
	for r := 1; r < rows; r++ {
		line("ADD R5, R%d, R%d", r, r+1)
	}
	width := max(vectors, 1)
	for i := range rows * width {
		line("VEOR V%[1]d.B16, V%[1]d.B16, V%[1]d.B16", i)
	}
	line("CBZ R0, done")

	label("loop")
	if vectors == 0 {
		line("FMOV%s (R7), F16", n.letter)
		line("ADD R8, R7")
	} else {
		line("VLD1.P (R7)(R8), [%s]", list(16, vectors, n.lanes))
	}
	for r := range rows {
		if vectors == 0 {
			line("FMOV%s (R%d), F%d", n.letter, 1+r, 20+r)
			line("ADD R6, R%d", 1+r)
			line("FMADD%s F16, F%d, F%d, F%d", n.letter, r, 20+r, r)
			continue
		}
		line("VLD1R.P (R%d)(R6), [V%d.%s]", 1+r, 20+r, n.lanes)
		for v := range vectors {
			line("VFMLA V%[1]d.%[4]s, V%[2]d.%[4]s, V%[3]d.%[4]s", 16+v, 20+r, r*vectors+v, n.lanes)
		}
	}
	line("SUB $1, R0")
	line("CBNZ R0, loop")

	label("done")
	line("CBZ R11, store")
	line("MOVD R9, R12")
	if vectors > 0 {
		// The assembler knows no vector addition: 1*C is added, which rounds alike.
		line("FMOV%s $1.0, F24", n.letter)
		line("VDUP V24.%s[0], V24.%s", n.lane, n.lanes)
	}
	for r := range rows {
		if vectors == 0 {
			line("FMOV%s (R12), F16", n.letter)
			line("FADD%s F16, F%d", n.letter, r)
			line("ADD R10, R12")
			continue
		}
		line("VLD1.P (R12)(R10), [%s]", list(16, vectors, n.lanes))
		for v := range vectors {
			line("VFMLA V%[1]d.%[3]s, V24.%[3]s, V%[2]d.%[3]s", 16+v, r*vectors+v, n.lanes)
		}
	}

	label("store")
	for r := range rows {
		if vectors == 0 {
			line("FMOV%s F%d, (R9)", n.letter, r)
			line("ADD R10, R9")
			continue
		}
		line("VST1.P [%s], (R9)(R10)", list(r*vectors, vectors, n.lanes))
	}
	line("RET")
}

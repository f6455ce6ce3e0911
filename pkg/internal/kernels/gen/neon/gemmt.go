package main

import "fmt"

// gemmT generates the micro-kernels of the product of a matrix and a transpose.
func gemmT(f *file) {
	for _, rows := range []int{4, 1} {
		for _, columns := range []int{4, 1} {
			tileT(f, rows, columns)
		}
	}
}

// pairs is d = the sums of neighbours in n, then in m. The assembler has no name for it.
func (f *file) pairs(n, m, d int) {
	f.line("WORD $0x%08x // FADDP V%d, V%d, V%d", 0x6e20d400|m<<16|n<<5|d, m, n, d)
}

// tileT generates C[i][j] (+)= sum over p of A[i][p]*B[j][p] for a tile of C.
//
// Registers: V0 to V15 hold the sums, row by row; V16 to V19 a vector of each row of A;
// V20 one of a row of B; V24 ones. Sums run in one lane for each p modulo 4; then lanes
// are added in pairs.
func tileT(f *file, rows, columns int) {
	name := fmt.Sprintf("gemmT%dx%dNEON", rows, columns)
	f.function(name, fmt.Sprintf(`// %s sets C[i][j] = sum over p of A[i][p]*B[j][p], or adds it where add is set,
// for i < %d, j < %d and p in vectors of 4. Rows are rowA, rowB and rowC bytes apart.`, name, rows, columns),
		"(vectors int, a *float32, rowA int, b *float32, rowB int, c *float32, rowC int, add bool)", 57)
	f.line("MOVD vectors+0(FP), R0")
	f.line("MOVD a+8(FP), R1")
	f.line("MOVD rowA+16(FP), R9")
	f.line("MOVD b+24(FP), R5")
	f.line("MOVD rowB+32(FP), R10")
	f.line("MOVD c+40(FP), R11")
	f.line("MOVD rowC+48(FP), R12")
	f.line("MOVBU add+56(FP), R13")
	for i := 1; i < rows; i++ {
		f.line("ADD R9, R%d, R%d", i, i+1)
	}
	for j := 1; j < columns; j++ {
		f.line("ADD R10, R%d, R%d", 4+j, 5+j)
	}
	for i := range rows * columns {
		f.line("VEOR V%[1]d.B16, V%[1]d.B16, V%[1]d.B16", i)
	}
	f.line("CBZ R0, done")
	f.label("loop")
	for i := range rows {
		f.line("VLD1.P 16(R%d), [V%d.S4]", 1+i, 16+i)
	}
	for j := range columns {
		f.line("VLD1.P 16(R%d), [V%d.S4]", 5+j, 20+j)
		for i := range rows {
			f.line("VFMLA V%d.S4, V%d.S4, V%d.S4", 16+i, 20+j, i*columns+j)
		}
	}
	f.line("SUB $1, R0")
	f.line("CBNZ R0, loop")
	f.label("done")
	for i := range rows {
		s := i * columns
		if columns == 4 {
			f.pairs(s, s+1, s)
			f.pairs(s+2, s+3, s+2)
			f.pairs(s, s+2, s)
		} else {
			f.pairs(s, s, s)
			f.pairs(s, s, s)
		}
	}
	f.line("CBZ R13, store")
	f.line("MOVD R11, R14")
	f.line("FMOVS $1.0, F24")
	f.line("VDUP V24.S[0], V24.S4")
	for i := range rows {
		if columns == 4 {
			f.line("VLD1.P (R14)(R12), [V16.S4]")
			f.line("VFMLA V16.S4, V24.S4, V%d.S4", i*columns)
		} else {
			f.line("FMOVS (R14), F16")
			f.line("FADDS F16, F%d", i*columns)
			f.line("ADD R12, R14")
		}
	}
	f.label("store")
	for i := range rows {
		if columns == 4 {
			f.line("VST1.P [V%d.S4], (R11)(R12)", i*columns)
		} else {
			f.line("FMOVS F%d, (R11)", i*columns)
			f.line("ADD R12, R11")
		}
	}
	f.line("RET")
}

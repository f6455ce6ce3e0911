package main

import "fmt"

// gemmTs generates the micro-kernels of the product of a matrix and a transpose.
func gemmTs(f *file) {
	for _, rows := range []int{4, 1} {
		for _, columns := range []int{4, 1} {
			tileT(f, rows, columns)
		}
	}
}

// tileT generates C[i][j] (+)= sum over p of A[i][p]*B[j][p] for a tile of C.
//
// Registers: V0 to V15 hold the sums, row by row; V16 to V19 a vector of each row of A;
// V20 one of a row of B. Sums run in one lane for each p modulo 4; then lanes
// are added in pairs.
func tileT(f *file, rows, columns int) {
	n := numbers[0]
	name := n.title(fmt.Sprintf("gemmT%dx%d", rows, columns))
	k := f.kernel(n, name, "vectors *a rowA *b rowB *c rowC !add", fmt.Sprintf(`// %s sets C[i][j] = sum over p of A[i][p]*B[j][p], or adds it where add is set,
// for i < %d, j < %d and p in vectors of 4. Rows are rowA, rowB and rowC bytes apart.`, name, rows, columns))
	f.loads(n, k, "vectors a", 0)
	f.load(n, k, "b", 5)
	f.loads(n, k, "rowA rowB c rowC add", 9)
	for i := 1; i < rows; i++ {
		f.line("ADD R9, R%d, R%d", i, i+1)
	}
	for j := 1; j < columns; j++ {
		f.line("ADD R10, R%d, R%d", 4+j, 5+j)
	}
	f.zero(0, rows*columns)
	f.line("CBZ R0, done")
	f.label("loop")
	for i := range rows {
		f.line("VLD1.P 16(R%d), [V%d.S4]", 1+i, 16+i)
	}
	for j := range columns {
		f.line("VLD1.P 16(R%d), [V%d.S4]", 5+j, 20+j)
		for i := range rows {
			f.fma(n, 16+i, 20+j, i*columns+j)
		}
	}
	f.line("SUB $1, R0")
	f.line("CBNZ R0, loop")
	f.label("done")
	for i := range rows {
		s := i * columns
		if columns == 4 {
			f.two(pairs, n, s, s+1, s)
			f.two(pairs, n, s+2, s+3, s+2)
			f.two(pairs, n, s, s+2, s)
		} else {
			f.two(pairs, n, s, s, s)
			f.two(pairs, n, s, s, s)
		}
	}
	f.line("CBZ R13, store")
	f.line("MOVD R11, R14")
	for i := range rows {
		if columns == 4 {
			f.line("VLD1.P (R14)(R12), [V16.S4]")
			f.two(add, n, i*columns, 16, i*columns)
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

package main

import "fmt"

// gemms generates the micro-kernels of the matrix product.
func gemms(f *file) {
	for _, n := range numbers {
		for _, rows := range []int{4, 1} {
			for _, vectors := range []int{4, 1, 0} {
				tile(f, n, rows, vectors)
			}
		}
	}
}

// tile generates C[r][j] (+)= sum over k of A[r][k] * B[k][j] for a tile of C of
// the given number of vectors, or of a single column for 0 vectors.
//
// Registers: V0 to V15 hold the sums, row by row; V16 to V19 a row of B; V20 to
// V23 an element of A in all lanes.
func tile(f *file, n number, rows, vectors int) {
	columns := max(vectors*n.count, 1)
	name := fmt.Sprintf("%sgemm%dx%dNEON", n.prefix, rows, columns)
	k := f.kernel(n, name, "k *a rowA stepA *b stepB *c rowC !add", fmt.Sprintf(`// %[1]s sets C[r][j] = sum over k of A[r][k]*B[k][j], or adds it where add is set,
// for r < %[2]d and j < %[3]d. A[r][k] is at a + r*rowA + k*stepA, B[k] at b + k*stepB,
// C[r] at c + r*rowC, all in bytes.`, name, rows, columns))
	line, label := f.line, f.label
	f.loads(n, k, "k a", 0)
	f.loads(n, k, "rowA stepA b stepB c rowC add", 5)
	for r := 1; r < rows; r++ {
		line("ADD R5, R%d, R%d", r, r+1)
	}
	width := max(vectors, 1)
	f.zero(0, rows*width)
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
			f.fma(n, 16+v, 20+r, r*vectors+v)
		}
	}
	line("SUB $1, R0")
	line("CBNZ R0, loop")

	label("done")
	line("CBZ R11, store")
	line("MOVD R9, R12")
	for r := range rows {
		if vectors == 0 {
			line("FMOV%s (R12), F16", n.letter)
			line("FADD%s F16, F%d", n.letter, r)
			line("ADD R10, R12")
			continue
		}
		line("VLD1.P (R12)(R10), [%s]", list(16, vectors, n.lanes))
		for v := range vectors {
			f.two(add, n, r*vectors+v, 16+v, r*vectors+v)
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

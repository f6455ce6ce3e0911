package main

import "fmt"

// A kernel of the convolution takes so many positions, or one, and so many vectors of
// filters. It holds them as sums V0 to V15, four for each position, a row of weights in
// V16 to V19, and a number of the input at each position in all lanes of V20 to V23.
const (
	positions = 4
	vectors   = 4
)

// convs generates the convolution with what comes after it.
func convs(f *file) {
	for _, n := range numbers {
		convPool(f, n)
		for _, p := range []int{positions, 1} {
			convRow(f, n, p)
		}
		maxPool(f, n)
		unpool(f, n)
		maskGrad(f, n)
	}
}

// accumulate generates the loop over taps, for inputs at R3 and the registers after it.
// Of the params it wants taps in R1, offsets in R2, w in R8, stepW in R9, bias in R10;
// R14 to R17 it uses up.
func accumulate(f *file, n number, positions int) {
	for p := range positions {
		f.line("VLD1 (R10), [%s]", list(p*vectors, vectors, n.lanes))
	}
	f.line("MOVD R1, R14")
	f.line("MOVD R2, R15")
	f.line("MOVD R8, R16")
	f.label("taps")
	f.line("MOVW.P 4(R15), R17")
	if n.size() == 8 {
		f.line("LSL $1, R17") // offsets are those of float32
	}
	f.line("VLD1.P (R16)(R9), [%s]", list(16, vectors, n.lanes))
	for p := range positions {
		f.line("ADD R17, R%d, R19", 3+p)
		f.line("VLD1R (R19), [V%d.%s]", 20+p, n.lanes)
		for v := range vectors {
			f.fma(n, 16+v, 20+p, p*vectors+v)
		}
	}
	f.line("SUB $1, R14")
	f.line("CBNZ R14, taps")
}

// offsetsOf says where offsets are not those of the numbers.
func (n number) offsetsOf() string {
	if n.size() == 8 {
		return ", offsets for half as many"
	}
	return ""
}

// convPool generates convolution, bias, 2x2 max-pooling and Relu for a row of windows.
func convPool(f *file, n number) {
	name := n.title(fmt.Sprintf("convPool%d", vectors))
	k := f.kernel(n, name, "windows taps #offsets *x right down stepX *w stepW *bias *out @arg stepOut",
		fmt.Sprintf(`// %s sets, for each window and each of %d filters f,
// y[p] = bias[f] + sum over tap of x[p + offsets[tap]] * w[tap][f] at the four positions p = 0, right, down, right+down;
// out[f] = max(y) or 0 where that is <= 0; arg[f] = the first p of the maximum (0 to 3), or 4 where out is 0.
// Offsets and steps are in bytes%s; windows are stepX apart, rows of out stepOut and of arg stepOut/%d.`, name, vectors*n.count, n.offsetsOf(), n.size()))
	f.loads(n, k, "windows taps offsets x right down", 0)
	f.line("ADD R3, R5") // one below
	f.line("ADD R5, R4, R6")
	f.line("ADD R3, R4")
	f.loads(n, k, "stepX w stepW bias out arg stepOut", 7)
	f.places(n)
	f.label("windows")
	accumulate(f, n, positions)
	f.pool(n, true)
	f.line("VST1 [%s], (R11)", list(0, vectors, n.lanes))
	f.storeArg(n, 12)
	f.line("ADD R13, R11")
	f.line("LSR $%d, R13, R14", n.shift())
	f.line("ADD R14, R12")
	for p := range positions {
		f.line("ADD R7, R%d", 3+p)
	}
	f.line("SUB $1, R0")
	f.line("CBNZ R0, windows")
	f.line("RET")
}

// convRow generates convolution and bias, with or without Relu, for positions along a row.
func convRow(f *file, n number, positions int) {
	name := n.title(fmt.Sprintf("convRow%dx%d", positions, vectors))
	k := f.kernel(n, name, "groups taps #offsets *x stepX *w stepW *bias *out stepOut !relu",
		fmt.Sprintf(`// %s sets, for groups of %d positions p and for %d filters f,
// out[p][f] = bias[f] + sum over tap of x[p + offsets[tap]] * w[tap][f], or 0 where relu is set and that is <= 0.
// Offsets and steps are in bytes%s; positions are stepX apart in x and stepOut in out.`, name, positions, vectors*n.count, n.offsetsOf()))
	f.loads(n, k, "groups taps offsets x", 0)
	f.loads(n, k, "stepX w stepW bias out stepOut relu", 7)
	for p := 1; p < positions; p++ {
		f.line("ADD R7, R%d, R%d", 2+p, 3+p)
	}
	if positions > 1 {
		f.line("LSL $2, R7")
	}
	f.label("groups")
	accumulate(f, n, positions)
	f.line("CBZ R13, store")
	for v := range positions * vectors {
		f.one(notPositive, n, v, 20)
		f.clear(v, 20, v)
	}
	f.label("store")
	for p := range positions {
		f.line("VST1.P [%s], (R11)(R12)", list(p*vectors, vectors, n.lanes))
	}
	for p := range positions {
		f.line("ADD R7, R%d", 3+p)
	}
	f.line("SUB $1, R0")
	f.line("CBNZ R0, groups")
	f.line("RET")
}

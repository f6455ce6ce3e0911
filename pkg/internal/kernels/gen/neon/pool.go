package main

import "fmt"

// noGradient is the place of a maximum that Relu cuts off.
const noGradient = 4

// places puts the places 1 to 4 into V24 to V27, for pool.
func (f *file) places(n number) {
	for p := 1; p <= noGradient; p++ {
		f.spread(n, p, 14, 23+p)
	}
}

// pool generates the maxima of four positions, also after Relu, for vectors of filters: of
// V0 to V15 with four for each position, into V0 to V3, and their places into V28 to V31.
// The first maximum counts, and the first nan wins.
func (f *file) pool(n number, relu bool) {
	const number, worse = 20, 21
	f.zero(28, vectors)
	for v := range vectors {
		best, at := v, 28+v
		for p := 1; p < positions; p++ {
			y := p*vectors + v
			f.two(equal, n, best, best, number)
			f.two(greaterEqual, n, best, y, worse)
			f.clear(number, worse, number)
			f.line("VBIT V%d.B16, V%d.B16, V%d.B16", number, y, best)
			f.line("VBIT V%d.B16, V%d.B16, V%d.B16", number, 23+p, at)
		}
		if relu {
			f.one(notPositive, n, best, number)
			f.clear(best, number, best)
			f.line("VBIT V%d.B16, V%d.B16, V%d.B16", number, 23+noGradient, at)
		}
	}
}

// storeArg writes the places in V28 to V31 as bytes.
func (f *file) storeArg(n number, to int) {
	narrow := func(lanes string, a, b int) { f.line("VUZP1 V%[3]d.%[1]s, V%[2]d.%[1]s, V%[2]d.%[1]s", lanes, a, b) }
	if n.size() == 8 {
		narrow("S4", 28, 29)
		narrow("S4", 30, 31)
	} else {
		narrow("H8", 28, 29)
		narrow("H8", 30, 31)
	}
	if n.size() == 8 {
		narrow("H8", 28, 30)
		narrow("B16", 28, 28)
		f.line("FMOVD F28, (R%d)", to)
		return
	}
	narrow("B16", 28, 30)
	f.line("VST1 [V28.B16], (R%d)", to)
}

// maxPool generates 2x2 max-pooling on its own.
func maxPool(f *file, n number) {
	name := n.title("maxPool")
	k := f.kernel(n, name, "windows vectors *x right down stepX *out @arg",
		fmt.Sprintf(`// %s sets, for each window and for vectors of %d filters f, whose number is a multiple of %d, out[f] to the maximum
// of x[p][f] at the four positions p = 0, right, down, right+down, and arg[f] to the first p of it. Steps are in bytes;
// windows are stepX apart, what is written for them follows each other.`, name, n.count, vectors))
	f.loads(n, k, "windows vectors x right down stepX out arg", 0)
	f.line("ADD R3, R4, R8")
	f.line("LSR $2, R1")
	f.places(n)
	f.label("windows")
	f.line("MOVD R1, R9")
	f.line("MOVD R2, R10")
	f.label("filters")
	for p, offset := range []string{"", "R3", "R4", "R8"} {
		if offset != "" {
			f.line("ADD %s, R10, R11", offset)
			f.line("VLD1 (R11), [%s]", list(p*vectors, vectors, n.lanes))
		} else {
			f.line("VLD1 (R10), [%s]", list(0, vectors, n.lanes))
		}
	}
	f.pool(n, false)
	f.line("VST1.P [%s], %d(R6)", list(0, vectors, n.lanes), 16*vectors)
	f.storeArg(n, 7)
	f.line("ADD $%d, R7", vectors*n.count)
	f.line("ADD $%d, R10", 16*vectors)
	f.line("SUB $1, R9")
	f.line("CBNZ R9, filters")
	f.line("ADD R5, R2")
	f.line("SUB $1, R0")
	f.line("CBNZ R0, windows")
	f.line("RET")
}

// unpool generates the gradient of the map before pooling.
func unpool(f *file, n number) {
	name := n.title("unpool")
	k := f.kernel(n, name, "vectors *grad @arg *out right down",
		fmt.Sprintf(`// %s sets, for vectors of %d filters f, out[p][f] = grad[f] where arg[f] is p and 0 elsewhere,
// at the four positions p of a window: 0, right, down and right+down, in bytes.`, name, n.count))
	f.loads(n, k, "vectors grad arg out right down", 0)
	f.line("ADD R3, R4")
	f.line("ADD R3, R5, R6")
	f.line("ADD R4, R5, R7")
	f.zero(16, 1)
	for p := 1; p < positions; p++ {
		f.spread(n, p, 8, 16+p)
	}
	f.label("loop")
	if n.size() == 4 {
		f.line("FMOVS (R2), F0")
	} else {
		f.line("VLD1 (R2), V0.H[0]")
	}
	f.line("ADD $%d, R2", n.count)
	f.line("VUSHLL $0, V0.B8, V0.H8")
	f.line("VUSHLL $0, V0.H4, V0.S4")
	if n.size() == 8 {
		f.line("VUSHLL $0, V0.S2, V0.D2")
	}
	f.line("VLD1.P 16(R1), [V1.%s]", n.lanes)
	for p, to := range []int{3, 4, 6, 7} {
		f.line("VCMEQ V%[1]d.%[2]s, V0.%[2]s, V2.%[2]s", 16+p, n.lanes)
		f.line("VAND V1.B16, V2.B16, V2.B16")
		f.line("VST1.P [V2.%s], 16(R%d)", n.lanes, to)
	}
	f.line("SUB $1, R0")
	f.line("CBNZ R0, loop")
	f.line("RET")
}

// maskGrad generates the gradient of Relu.
func maskGrad(f *file, n number) {
	name := n.title("maskGrad")
	k := f.kernel(n, name, "vectors *y *grad *out", fmt.Sprintf("// %s sets out = grad where y is not 0, else 0, for vectors of %d.", name, n.count))
	f.loads(n, k, "vectors y grad out", 0)
	f.zero(16, 1)
	f.label("loop")
	f.line("VLD1.P 16(R1), [V0.%s]", n.lanes)
	f.line("VLD1.P 16(R2), [V1.%s]", n.lanes)
	f.two(equal, n, 0, 16, 0)
	f.clear(1, 0, 1)
	f.line("VST1.P [V1.%s], 16(R3)", n.lanes)
	f.line("SUB $1, R0")
	f.line("CBNZ R0, loop")
	f.line("RET")
}

package main

import "fmt"

// deepRows and deepVectors are what convGradDeep adds to at a time: the rows of a
// 3x3 filter, and vectors of each, which are its columns with their channels.
const deepRows, deepVectors = 3, 3

// convGradDeep generates the gradient of filters over many channels from that of the
// pooled map. A window adds to each filter at one position only.
//
// Registers: V0 to V8 hold the gradients, V9 that of the window in all lanes, V10 zero,
// V16 to V24 the inputs.
func convGradDeep(f *file, n number) {
	const sums, grad, none, inputs = deepRows * deepVectors, 9, 10, 16
	name := n.title("convGradDeep")
	k := f.kernel(n, name, "filters rows windows *x &places stepX stepRow width *grad @arg stepG *dw stepDW stepF",
		fmt.Sprintf(`// %s does, for filters f and rows of windows, dw[f][r][i] += grad[f] * x[p + r*width + i] for r < %d and i < %d vectors of %d,
// where p is places[arg[f]], or none for an arg of 4. Places and steps are in bytes: windows are stepX apart, their rows
// stepRow, rows of dw stepDW, filters stepF; in grad windows are stepG apart, in arg stepG/%d.`, name, deepRows, deepVectors, n.count, n.size()))
	f.loads(n, k, "filters rows windows x places stepX stepRow width grad arg stepG dw stepDW stepF", 0)
	f.line("LSR $%d, R10, R14", n.shift())
	f.zero(none, 1)
	f.label("filters")
	f.zero(0, sums)
	f.line("MOVD R1, R15") // rows, and where they are in x, grad and arg
	f.line("MOVD R3, R16")
	f.line("MOVD R8, R17")
	f.line("MOVD R9, R19")
	f.label("rows")
	f.line("MOVD R2, R20")
	f.line("MOVD R16, R21")
	f.label("windows")
	f.line("MOVBU (R19), R22")
	f.line("FMOV%[1]s (R17), F%[2]d", n.letter, grad)
	f.line("CMP $%d, R22", noGradient)
	f.line("FCSEL%s EQ, F%d, F%d, F%d", n.letter, none, grad, grad)
	f.line("VDUP V%[1]d.%[2]s[0], V%[1]d.%[3]s", grad, n.lane, n.lanes)
	f.line("MOVD (R4)(R22<<3), R22")
	f.line("ADD R21, R22")
	for r := range deepRows {
		at := inputs + r*deepVectors
		f.line("VLD1 (R22), [%s]", list(at, deepVectors, n.lanes))
		if r < deepRows-1 {
			f.line("ADD R7, R22")
		}
		for i := range deepVectors {
			f.fma(n, at+i, grad, r*deepVectors+i)
		}
	}
	f.line("ADD R10, R17")
	f.line("ADD R14, R19")
	f.line("ADD R5, R21")
	f.line("SUB $1, R20")
	f.line("CBNZ R20, windows")
	f.line("ADD R6, R16")
	f.line("SUB $1, R15")
	f.line("CBNZ R15, rows")
	f.line("MOVD R11, R15")
	for r := range deepRows {
		f.line("VLD1 (R15), [%s]", list(inputs, deepVectors, n.lanes))
		for i := range deepVectors {
			f.two(add, n, inputs+i, r*deepVectors+i, inputs+i)
		}
		f.line("VST1.P [%s], (R15)(R12)", list(inputs, deepVectors, n.lanes))
	}
	f.line("ADD R13, R11")
	f.line("ADD $%d, R8", n.size())
	f.line("ADD $1, R9")
	f.line("SUB $1, R0")
	f.line("CBNZ R0, filters")
	f.line("RET")
}

package main

import "fmt"

const (
	maxColumns = 7  // of one call of the gradient kernel
	maxTaps    = 24 // whose gradients registers hold, for four filters
)

// convGrads generates the gradients of filters for each number of columns, of one row
// and of as many as registers hold.
func convGrads(f *file) {
	for columns := 1; columns <= maxColumns; columns++ {
		convGrad(f, 1, columns)
		if rows := min(columns, maxTaps/columns); rows > 1 {
			convGrad(f, rows, columns)
		}
	}
}

// convGrad generates the gradient of some taps of four filters from that of the pooled
// map. VTBL fetches for each lane its own of the four places of a window, and 0 for none.
//
// Registers: V0 to V23 hold the gradients of the taps, V24 that of the bias; V25 the
// gradient of the window; V26 which bytes of the four places each lane takes; V27 the
// four places, then each lane's own; V28 the pattern that spreads four bytes, V29 the
// bytes of a number, V30 ones.
func convGrad(f *file, rows, columns int) {
	name := fmt.Sprintf("convGrad%dx%dNEON", rows, columns)
	f.function(name, fmt.Sprintf(`// %s does, for rows of windows, %d x %d taps and 4 filters f, dw[tap][f] += grad[f] * q[tap][arg[f]]
// and db[f] += grad[f] unless db is nil, where arg[f] is a place from 0 to 3, or 4 for no gradient.
// Steps are in bytes: in q, whose elements are four places, windows are stepX apart, their rows stepRow, rows of taps
// stepQ; in grad windows are stepG apart, in arg stepG/4; in dw taps are stepDW apart and rows of them stepDWRow.`, name, rows, columns),
		"(rows, windows int, q *float32, stepX, stepRow, stepQ int, grad *float32, arg *uint8, stepG int, dw *float32, stepDW, stepDWRow int, db *float32)", 104)
	for i, arg := range []string{"rows+0", "windows+8", "q+16", "stepX+24", "stepRow+32", "stepQ+40", "grad+48", "arg+56", "stepG+64"} {
		f.line("MOVD %s(FP), R%d", arg, i)
	}
	f.line("LSR $2, R8, R9")
	f.line("MOVD $0x0101010100000000, R10")
	f.line("MOVD $0x0303030302020202, R11")
	f.line("VMOV R10, V28.D[0]")
	f.line("VMOV R11, V28.D[1]")
	f.line("MOVD $0x0302010003020100, R10")
	f.line("VDUP R10, V29.D2")
	f.line("MOVD $-1, R10")
	f.line("VDUP R10, V30.D2")
	for i := range 25 {
		f.line("VEOR V%[1]d.B16, V%[1]d.B16, V%[1]d.B16", i)
	}
	f.label("rows")
	f.line("MOVD R1, R10")
	f.line("MOVD R2, R11")
	f.label("windows")
	f.line("FMOVS (R7), F26")
	f.line("VTBL V28.B16, [V26.B16], V26.B16")
	f.line("VSHL $2, V26.B16, V26.B16")
	f.line("VORR V29.B16, V26.B16, V26.B16")
	f.line("VLD1 (R6), [V25.S4]")
	f.line("VTBL V26.B16, [V30.B16], V27.B16")
	f.line("VAND V27.B16, V25.B16, V25.B16")
	// Not 1*gradient: an infinite one would leave a nan where it does not count.
	f.line("WORD $0x%08x // FADD V25, V24, V24", 0x4e20d400|25<<16|24<<5|24)
	f.line("MOVD R11, R12")
	for row := range rows {
		f.line("MOVD R12, R13")
		for column := range columns {
			f.line("VLD1.P 16(R13), [V27.B16]")
			f.line("VTBL V26.B16, [V27.B16], V27.B16")
			f.line("VFMLA V27.S4, V25.S4, V%d.S4", row*columns+column)
		}
		if row < rows-1 {
			f.line("ADD R5, R12")
		}
	}
	f.line("ADD R3, R11")
	f.line("ADD R8, R6")
	f.line("ADD R9, R7")
	f.line("SUB $1, R10")
	f.line("CBNZ R10, windows")
	f.line("ADD R4, R2")
	f.line("SUB $1, R0")
	f.line("CBNZ R0, rows")

	for i, arg := range []string{"dw+72", "stepDW+80", "stepDWRow+88", "db+96"} {
		f.line("MOVD %s(FP), R%d", arg, i)
	}
	add := func(register int) {
		f.line("VLD1 (R4), [V27.S4]")
		f.line("WORD $0x%08x // FADD V27, V%d, V27", 0x4e20d400|27<<16|register<<5|27, register)
		f.line("VST1 [V27.S4], (R4)")
	}
	for row := range rows {
		f.line("MOVD R0, R4")
		for column := range columns {
			add(row*columns + column)
			f.line("ADD R1, R4")
		}
		f.line("ADD R2, R0")
	}
	f.line("CBZ R3, end")
	f.line("MOVD R3, R4")
	add(24)
	f.label("end")
	f.line("RET")
}

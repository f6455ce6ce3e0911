package main

import "fmt"

const (
	maxColumns = 7  // of one call of the gradient kernel
	maxTaps    = 24 // whose gradients registers hold, for four filters
)

// convGrads generates the gradients of filters for each number of columns, of one row
// and of as many as registers hold.
func convGrads(f *file) {
	for _, n := range numbers {
		quads(f, n)
		for columns := 1; columns <= maxColumns; columns++ {
			convGrad(f, n, 1, columns)
			if rows := min(columns, maxTaps/columns); rows > 1 {
				convGrad(f, n, rows, columns)
			}
		}
		convGradDeep(f, n)
	}
}

// quads generates what convGrad looks its inputs up in.
func quads(f *file, n number) {
	name := n.title("quads")
	k := f.kernel(n, name, "n *x down *q", fmt.Sprintf(`// %s sets q[i] = x[i], x[i+1], x[i+down], x[i+down+1] for n elements i; down is
// in bytes.`, name))
	f.loads(n, k, "n x down q", 0)
	f.line("ADD R1, R2")
	f.label("loop")
	if n.size() == 4 { // two of them in a register
		f.line("MOVD.P 4(R1), R4")
		f.line("MOVD.P 4(R2), R5")
		f.line("STP.P (R4, R5), 16(R3)")
	} else {
		f.line("LDP (R1), (R4, R5)")
		f.line("LDP (R2), (R6, R7)")
		f.line("STP.P (R4, R5), 16(R3)")
		f.line("STP.P (R6, R7), 16(R3)")
		f.line("ADD $8, R1")
		f.line("ADD $8, R2")
	}
	f.line("SUB $1, R0")
	f.line("CBNZ R0, loop")
	f.line("RET")
}

// four are the four places of a window for a vector of filters, in V27 and for float64
// in V28, too.
func (n number) four() string { return list(27, n.size()/4, "B16") }

// convGrad generates the gradient of some taps of a vector of filters from that of the
// pooled map. VTBL fetches for each lane its own of the four places of a window, and 0 for
// none.
//
// Registers: V0 to V23 hold the gradients of the taps, V24 that of the bias; V25 the
// gradient of the window; V26 which bytes of the four places each lane takes; V27 and V28
// the four places, then V27 each lane's own; V29 the pattern that spreads the bytes of arg
// to the lanes, V30 the bytes of a number, V31 ones for the places that there are.
func convGrad(f *file, n number, rows, columns int) {
	name := n.title(fmt.Sprintf("convGrad%dx%d", rows, columns))
	k := f.kernel(n, name, "rows windows *q stepX stepRow stepQ *grad @arg stepG *dw stepDW stepDWRow *db",
		fmt.Sprintf(`// %s does, for rows of windows, %d x %d taps and %d filters f, dw[tap][f] += grad[f] * q[tap][arg[f]]
// and db[f] += grad[f] unless db is nil, where arg[f] is a place from 0 to 3, or 4 for no gradient.
// Steps are in bytes: in q, whose elements are four places, windows are stepX apart, their rows stepRow, rows of taps
// stepQ; in grad windows are stepG apart, in arg stepG/%d; in dw taps are stepDW apart and rows of them stepDWRow.`,
			name, rows, columns, n.count, n.size()))
	f.loads(n, k, "rows windows q stepX stepRow stepQ grad arg stepG", 0)
	f.line("LSR $%d, R8, R9", n.shift())
	pattern, bytes := [2]uint64{0x0101010100000000, 0x0303030302020202}, uint64(0x0302010003020100)
	if n.size() == 8 {
		pattern, bytes = [2]uint64{0, 0x0101010101010101}, 0x0706050403020100
	}
	for i, half := range pattern {
		f.line("MOVD $0x%016x, R10", half)
		f.line("VMOV R10, V29.D[%d]", i)
	}
	f.line("MOVD $0x%016x, R10", bytes)
	f.line("VDUP R10, V30.D2")
	f.zero(31, 1)
	f.line("MOVD $0x00000000ffffffff, R10")
	f.line("VMOV R10, V31.D[0]")
	f.zero(0, 25)
	f.label("rows")
	f.line("MOVD R1, R10")
	f.line("MOVD R2, R11")
	f.label("windows")
	if n.size() == 4 {
		f.line("FMOVS (R7), F26")
	} else {
		f.line("VLD1 (R7), V26.H[0]")
	}
	f.line("VTBL V29.B16, [V26.B16], V26.B16")
	f.line("VTBL V26.B16, [V31.B16], V27.B16")
	f.line("VLD1 (R6), [V25.%s]", n.lanes)
	f.line("VAND V27.B16, V25.B16, V25.B16")
	f.line("VSHL $%d, V26.B16, V26.B16", n.shift())
	f.line("VORR V30.B16, V26.B16, V26.B16")
	// Not 1*gradient: an infinite one would leave a nan where it does not count.
	f.two(add, n, 24, 25, 24)
	f.line("MOVD R11, R12")
	for row := range rows {
		f.line("MOVD R12, R13")
		for column := range columns {
			f.line("VLD1.P %d(R13), [%s]", 4*n.size(), n.four())
			f.line("VTBL V26.B16, [%s], V27.B16", n.four())
			f.fma(n, 27, 25, row*columns+column)
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

	f.loads(n, k, "dw stepDW stepDWRow db", 0)
	addTo := func(register int) {
		f.line("VLD1 (R4), [V27.%s]", n.lanes)
		f.two(add, n, register, 27, 27)
		f.line("VST1 [V27.%s], (R4)", n.lanes)
	}
	for row := range rows {
		f.line("MOVD R0, R4")
		for column := range columns {
			addTo(row*columns + column)
			f.line("ADD R1, R4")
		}
		f.line("ADD R2, R0")
	}
	f.line("CBZ R3, end")
	f.line("MOVD R3, R4")
	addTo(24)
	f.label("end")
	f.line("RET")
}

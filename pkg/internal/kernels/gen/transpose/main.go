// Command transpose generates the transpose of a small square of a matrix.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// Which quarters VSHUFF32X4 takes of each operand, and halves VPERM2F128.
const (
	evenQuarters = 0x88
	oddQuarters  = 0xdd
	lowHalves    = 0x20
	highHalves   = 0x31
)

func main() {
	ConstraintExpr("!purego")
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2} {
		transpose(s)
		transpose(s.Float64())
	}
	Generate()
}

func transpose(s isa.Set) {
	name, lanes := s.Title("transpose"), s.Lanes()
	s.Text(name, "func(a *float32, rowA int, b *float32, rowB int)")
	Doc(fmt.Sprintf("%s sets B[j][i] = A[i][j] for i, j < %d. Rows are rowA and rowB bytes apart.", name, lanes))
	rows := s.Vectors(lanes)
	a, rowA := pointer("a", "rowA")
	for _, row := range rows {
		s.Load(Mem{Base: a}, row)
		ADDQ(rowA, a)
	}
	columns := make([]reg.VecVirtual, lanes)
	if s.Double {
		doubleColumns(s, rows, columns)
	} else {
		singleColumns(s, rows, columns)
	}
	b, rowB := pointer("b", "rowB")
	for _, column := range columns {
		s.Store(column, Mem{Base: b})
		ADDQ(rowB, b)
	}
	VZEROUPPER()
	RET()
}

// doubleColumns makes the columns of rows of float64: the rows 2i and 2i+1 are interleaved,
// then quarters of AVX-512's vectors, or halves of AVX2's, joined.
func doubleColumns(s isa.Set, rows, columns []reg.VecVirtual) {
	pairs := s.Vectors(len(rows))
	for i := 0; i < len(rows); i += 2 {
		VUNPCKLPD(rows[i+1], rows[i], pairs[i])
		VUNPCKHPD(rows[i+1], rows[i], pairs[i+1])
	}
	for odd := range 2 {
		if s.Bytes == isa.AVX512.Bytes {
			quarters(s, pairs[odd], pairs[2+odd], pairs[4+odd], pairs[6+odd], columns[odd:], 2)
		} else {
			columns[odd], columns[2+odd] = s.Vector(), s.Vector()
			VPERM2F128(Imm(lowHalves), pairs[2+odd], pairs[odd], columns[odd])
			VPERM2F128(Imm(highHalves), pairs[2+odd], pairs[odd], columns[2+odd])
		}
	}
}

func singleColumns(s isa.Set, rows, columns []reg.VecVirtual) {
	rows = pairs(s, rows, 1, func(x, y, low, high reg.VecVirtual) {
		VUNPCKLPS(y, x, low)
		VUNPCKHPS(y, x, high)
	})
	rows = pairs(s, rows, 2, func(x, y, low, high reg.VecVirtual) {
		VUNPCKLPD(y, x, low)
		VUNPCKHPD(y, x, high)
	})
	// Now row 4i + c holds, in its quarter q, column 4q + c of the rows 4i to 4i+3.
	for c := range 4 {
		if s == isa.AVX512 {
			quarters(s, rows[c], rows[4+c], rows[8+c], rows[12+c], columns[c:], 4)
		} else {
			columns[c], columns[4+c] = s.Vector(), s.Vector()
			VPERM2F128(Imm(lowHalves), rows[4+c], rows[c], columns[c])
			VPERM2F128(Imm(highHalves), rows[4+c], rows[c], columns[4+c])
		}
	}
}

func pointer(base, step string) (p, by reg.Register) {
	return Load(Param(base), GP64()), Load(Param(step), GP64())
}

// pairs interleaves rows that are a distance apart, in groups of four.
func pairs(s isa.Set, rows []reg.VecVirtual, distance int, interleave func(x, y, low, high reg.VecVirtual)) []reg.VecVirtual {
	out := s.Vectors(len(rows))
	for i := 0; i < len(rows); i += 4 {
		for k := range 2 {
			x := i + k
			if distance == 1 {
				x = i + 2*k
			}
			interleave(rows[x], rows[x+distance], out[i+2*k], out[i+2*k+1])
		}
	}
	return out
}

// quarters joins the quarters of equal place of four vectors: to[0] gets the first ones,
// what is a step, two and three after it the next.
func quarters(s isa.Set, x, y, z, u reg.VecVirtual, to []reg.VecVirtual, step int) {
	xy, zu := s.Vector(), s.Vector()
	for odd, half := range []uint64{evenQuarters, oddQuarters} {
		VSHUFF32X4(Imm(half), y, x, xy)
		VSHUFF32X4(Imm(half), u, z, zu)
		to[step*odd], to[step*(odd+2)] = s.Vector(), s.Vector()
		VSHUFF32X4(Imm(evenQuarters), zu, xy, to[step*odd])
		VSHUFF32X4(Imm(oddQuarters), zu, xy, to[step*(odd+2)])
	}
}

// Command gemmt generates the micro-kernels of the product of a matrix and a
// transpose.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// tiles lists the rows and columns of C that registers hold, then those of what is
// left over.
var tiles = map[isa.Set][][2]int{
	isa.AVX512: {{4, 5}, {4, 4}, {4, 1}, {1, 5}, {1, 4}, {1, 1}},
	isa.AVX2:   {{3, 4}, {3, 1}, {1, 4}, {1, 1}},
}

// Controls of shuffles: x and y are halves of what they swap.
const (
	swapHalves = 0x4e
	swapPairs  = 0xb1
	evens      = 0x88
	odds       = 0xdd
)

func main() {
	ConstraintExpr("!purego")
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2} {
		for _, t := range tiles[s] {
			tile(s, t[0], t[1])
		}
	}
	Generate()
}

// tile generates C[i][j] (+)= sum over p of A[i][p]*B[j][p] for a tile of C.
func tile(s isa.Set, rows, columns int) {
	name := fmt.Sprintf("gemmT%dx%d%s", rows, columns, s.Name)
	s.Text(name, "func(panels, vectors, tail int, a *float32, rowA, jumpA int, b *float32, rowB, jumpB int, c *float32, rowC int, mask *byte, add bool)")
	Doc(fmt.Sprintf("%s sets C[i][j] = sum over p of A[i][p]*B[j][p], or adds it where add is set,", name),
		fmt.Sprintf("for i < %d, j < %d and p in panels of vectors of %d and, where tail is not 0, the part of one more that mask says.", rows, columns, s.Lanes()),
		"Rows are rowA, rowB and rowC bytes apart; from the end of a row's vectors to those of the next panel it is jumpA and jumpB.",
		"Sums run in one lane for each p modulo the lanes; then lanes are added in pairs.")
	panels := Load(Param("panels"), GP64())
	a, rowA := pointers("a", "rowA", rows)
	b, rowB := pointers("b", "rowB", columns)
	sum := make([][]reg.VecVirtual, rows)
	for i := range sum {
		sum[i] = s.Vectors(columns)
		for _, v := range sum[i] {
			s.Zero(v)
		}
	}

	panel, loop, tailed, done := name+"_panel", name+"_loop", name+"_tail", name+"_done"
	pointers := append(append([]reg.GPVirtual{}, a...), b...)
	Label(panel)
	vectors := Load(Param("vectors"), GP64())
	TESTQ(vectors, vectors)
	JZ(LabelRef(tailed))
	Label(loop)
	row := s.Vectors(rows)
	for i, v := range row {
		s.Load(at(a, rowA, i), v)
	}
	for j := range columns {
		column := s.Vector()
		s.Load(at(b, rowB, j), column)
		for i, v := range row {
			s.FMA(v, column, sum[i][j])
		}
	}
	for _, p := range pointers {
		ADDQ(Imm(uint64(s.Bytes)), p)
	}
	DECQ(vectors)
	JNZ(LabelRef(loop))
	DECQ(panels)
	JZ(LabelRef(tailed))
	jumpA, jumpB := Load(Param("jumpA"), GP64()), Load(Param("jumpB"), GP64())
	for _, p := range a {
		ADDQ(jumpA, p)
	}
	for _, p := range b {
		ADDQ(jumpB, p)
	}
	JMP(LabelRef(panel))

	Label(tailed)
	tail := Load(Param("tail"), GP64())
	TESTQ(tail, tail)
	JZ(LabelRef(done))
	maskAt := Load(Param("mask"), GP64())
	mask := s.LoadMask(Mem{Base: maskAt})
	for j := range columns { // one row at a time: the mask needs a register, too
		column := s.Vector()
		mask.Load(at(b, rowB, j), column)
		for i := range rows {
			row := s.Vector()
			mask.Load(at(a, rowA, i), row)
			s.FMA(row, column, sum[i][j])
		}
	}
	Label(done)
	if s == isa.AVX512 && rows == 4 && columns >= 4 {
		square(name, sum)
	} else {
		single(s, name, sum)
	}
	VZEROUPPER()
	RET()
}

// square adds the lanes of 4x4 vectors at a time: first the four of a quarter, which
// brings the columns of a row side by side, then the quarters. Of a fifth column it
// brings the rows side by side.
func square(name string, sum [][]reg.VecVirtual) {
	quarters := make([]reg.VecVirtual, 4)
	for i, row := range sum {
		quarters[i] = quarter(row[0], row[1], row[2], row[3])
	}
	all := added(added(quarters[0], quarters[1], evenOdd), added(quarters[2], quarters[3], evenOdd), evenOdd)
	fifth := len(sum[0]) == 5
	var last reg.VecVirtual
	if fifth {
		last = quarter(sum[0][4], sum[1][4], sum[2][4], sum[3][4])
		last = added(last, last, evenOdd)
		last = added(last, last, evenOdd)
	}
	c, rowC := pointers("c", "rowC", 4)
	of := func(i int) Mem {
		to := at(c, rowC, i)
		to.Disp = 16
		return to
	}
	store := name + "_store"
	add := Load(Param("add"), GP8())
	TESTB(add, add)
	JZ(LabelRef(store))
	old := ZMM()
	VPXORD(old, old, old)
	for i := range 4 {
		VINSERTF32X4(Imm(uint64(i)), at(c, rowC, i), old, old)
	}
	VADDPS(old, all, all)
	if fifth {
		old := XMM()
		VMOVSS(of(0), old)
		for i := 1; i < 4; i++ {
			VINSERTPS(Imm(uint64(i<<4)), of(i), old, old)
		}
		VADDPS(old, last.AsX(), last.AsX())
	}
	Label(store)
	for i := range 4 {
		VEXTRACTF32X4(Imm(uint64(i)), all, at(c, rowC, i))
	}
	if fifth {
		for i := range 4 {
			VEXTRACTPS(Imm(uint64(i)), last.AsX(), of(i))
		}
	}
}

// quarter adds up each quarter of four vectors, and brings the sums side by side.
func quarter(a, b, c, d reg.VecVirtual) reg.VecVirtual {
	return added(added(a, b, lowHigh), added(c, d, lowHigh), lowHighDouble)
}

// added returns the sum of the two vectors that shuffle makes of x and y.
func added(x, y reg.VecVirtual, shuffle func(x, y, first, second reg.VecVirtual)) reg.VecVirtual {
	first, second := ZMM(), ZMM()
	shuffle(x, y, first, second)
	VADDPS(first, second, second)
	return second
}

func lowHigh(x, y, first, second reg.VecVirtual) {
	VUNPCKLPS(y, x, first)
	VUNPCKHPS(y, x, second)
}

func lowHighDouble(x, y, first, second reg.VecVirtual) {
	VUNPCKLPD(y, x, first)
	VUNPCKHPD(y, x, second)
}

func evenOdd(x, y, first, second reg.VecVirtual) {
	VSHUFF32X4(Imm(evens), y, x, first)
	VSHUFF32X4(Imm(odds), y, x, second)
}

// single adds the lanes of each vector by itself, in the order of square.
func single(s isa.Set, name string, sum [][]reg.VecVirtual) {
	for _, row := range sum {
		for _, v := range row {
			other := s.Vector()
			VPERMILPS(Imm(swapHalves), v, other)
			VADDPS(other, v, v)
			VPERMILPS(Imm(swapPairs), v, other)
			VADDPS(other, v, v)
			if s == isa.AVX512 {
				VSHUFF32X4(Imm(swapPairs), v, v, other)
				VADDPS(other, v, v)
				VSHUFF32X4(Imm(swapHalves), v, v, other)
			} else {
				VPERM2F128(Imm(1), v, v, other)
			}
			VADDPS(other, v, v)
		}
	}
	c, rowC := pointers("c", "rowC", len(sum))
	store := name + "_store"
	add := Load(Param("add"), GP8())
	TESTB(add, add)
	JZ(LabelRef(store))
	each(sum, c, rowC, func(v reg.VecVirtual, to Mem) { VADDSS(to, v.AsX(), v.AsX()) })
	Label(store)
	each(sum, c, rowC, func(v reg.VecVirtual, to Mem) { VMOVSS(v.AsX(), to) })
}

func each(sum [][]reg.VecVirtual, c []reg.GPVirtual, rowC reg.GPVirtual, do func(v reg.VecVirtual, to Mem)) {
	for i, row := range sum {
		for j, v := range row {
			to := at(c, rowC, i)
			to.Disp = 4 * j
			do(v, to)
		}
	}
}

// pointers returns registers that point to every third row.
func pointers(base, step string, rows int) (ps []reg.GPVirtual, rowStep reg.GPVirtual) {
	p := Load(Param(base), GP64()).(reg.GPVirtual)
	rowStep = Load(Param(step), GP64()).(reg.GPVirtual)
	ps = append(ps, p)
	for r := 3; r < rows; r += 3 {
		next := GP64()
		LEAQ(Mem{Base: ps[len(ps)-1], Index: rowStep, Scale: 2}, next)
		ADDQ(rowStep, next)
		ps = append(ps, next)
	}
	return ps, rowStep
}

// at returns the address of a row.
func at(ps []reg.GPVirtual, rowStep reg.GPVirtual, row int) Mem {
	m := Mem{Base: ps[row/3]}
	if row%3 > 0 {
		m.Index, m.Scale = rowStep, uint8(row%3)
	}
	return m
}

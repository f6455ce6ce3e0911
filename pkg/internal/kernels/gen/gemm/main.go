// Command gemm generates the micro-kernels of the matrix product.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// tiles lists, for each number of vectors in a row of C, how many rows a tile may
// have: many, but no more than registers hold beside a row of B and a value of A, then
// smaller ones for what is left over. gemm_amd64.go knows the same numbers.
// They stand at the number of vectors, and files are written in this order.
var tiles = map[isa.Set][][]int{
	isa.AVX512: {1: {12, 8, 5, 4, 2, 1}, 2: {12, 8, 4, 2, 1}, 3: {8, 4, 2, 1}, 4: {6, 4, 2, 1}},
	isa.AVX2:   {1: {6, 4, 2, 1}, 2: {6, 4, 2, 1}},
}

func main() {
	ConstraintExpr("!purego")
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2} {
		for vectors, rows := range tiles[s] {
			for _, r := range rows {
				for _, whole := range []bool{true, false} {
					if whole && r != rows[0] {
						continue // only of the highest tile, which most of the work goes to
					}
					tile(s, r, vectors, whole)
					tile(s.Float64(), r, vectors, whole)
				}
			}
		}
	}
	Generate()
}

// tile generates C[r][n] (+)= sum over k of A[r][k] * B[k][n] for a tile of C. Where
// it is whole, its last vectors are: reading them under a mask would cost arithmetic.
func tile(s isa.Set, rows, vectors int, whole bool) {
	letter := map[bool]string{false: "s", true: "d"}[s.Double]
	name := fmt.Sprintf("%sgemm%dx%d%s", letter, rows, vectors, s.Name)
	last := "of which the last counts as mask says."
	if whole {
		name = fmt.Sprintf("%sgemmWhole%dx%d%s", letter, rows, vectors, s.Name)
		last = "all of it; mask is not read."
	}
	s.Text(name, "func(k int, a *float32, rowA, stepA int, b *float32, stepB int, c *float32, rowC int, mask *byte, add bool)")
	Doc(fmt.Sprintf("%s sets C[r][n] = sum over k of A[r][k]*B[k][n], or adds it where add is set,", name),
		fmt.Sprintf("for r < %d and n < %d vectors of %d, %s", rows, vectors, s.Lanes(), last),
		"A[r][k] is at a + r*rowA + k*stepA, B[k] at b + k*stepB, C[r] at c + r*rowC, all in bytes.")
	k := Load(Param("k"), GP64())
	a, rowA := pointers("a", "rowA", rows)
	stepA := Load(Param("stepA"), GP64())
	b := Load(Param("b"), GP64())
	stepB := Load(Param("stepB"), GP64())

	var mask isa.Mask
	if !whole {
		mask = s.LoadMask(Mem{Base: Load(Param("mask"), GP64())})
	}
	masked := func(v int) bool { return !whole && v == vectors-1 }

	sum := make([][]reg.VecVirtual, rows)
	for r := range sum {
		sum[r] = s.Vectors(vectors)
		for _, v := range sum[r] {
			s.Zero(v)
		}
	}

	loop := name + "_loop"
	done := name + "_done"
	TESTQ(k, k)
	JZ(LabelRef(done))
	Label(loop)
	row := s.Vectors(vectors)
	for v := range row {
		from := Mem{Base: b, Disp: v * s.Bytes}
		if masked(v) {
			mask.Load(from, row[v])
		} else {
			s.Load(from, row[v])
		}
	}
	for r := range rows {
		x := s.Vector()
		s.Broadcast(at(a, rowA, r), x)
		for v := range row {
			s.FMA(row[v], x, sum[r][v])
		}
	}
	for _, p := range a {
		ADDQ(stepA, p)
	}
	ADDQ(stepB, b)
	DECQ(k)
	JNZ(LabelRef(loop))

	Label(done)
	c, rowC := pointers("c", "rowC", rows)
	add := Load(Param("add"), GP8())
	TESTB(add, add)
	store := name + "_store"
	JZ(LabelRef(store))
	for r := range rows {
		for v := range vectors {
			old, to := s.Vector(), at(c, rowC, r)
			to.Disp = v * s.Bytes
			if masked(v) {
				mask.Load(to, old)
			} else {
				s.Load(to, old)
			}
			s.Add(old, sum[r][v], sum[r][v])
		}
	}
	Label(store)
	for r := range rows {
		for v := range vectors {
			to := at(c, rowC, r)
			to.Disp = v * s.Bytes
			if masked(v) {
				mask.Store(sum[r][v], to)
			} else {
				s.Store(sum[r][v], to)
			}
		}
	}
	VZEROUPPER()
	RET()
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

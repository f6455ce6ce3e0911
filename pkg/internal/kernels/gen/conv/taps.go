package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// addresses returns where the positions stand, given the register with the offset
// of a tap.
type addresses func(offset reg.GPVirtual) []Mem

// each are positions with a pointer of their own.
func each(x []reg.GPVirtual) addresses {
	return func(offset reg.GPVirtual) []Mem {
		var at []Mem
		for _, p := range x {
			at = append(at, Mem{Base: p, Index: offset, Scale: 1})
		}
		return at
	}
}

// eight are positions that are a step apart: three pointers are enough for them.
func eight(x, step, threeSteps reg.GPVirtual) addresses {
	return func(offset reg.GPVirtual) []Mem {
		first, fourth, seventh := GP64(), GP64(), GP64()
		LEAQ(Mem{Base: x, Index: offset, Scale: 1}, first)
		LEAQ(Mem{Base: first, Index: threeSteps, Scale: 1}, fourth)
		LEAQ(Mem{Base: fourth, Index: threeSteps, Scale: 1}, seventh)
		var at []Mem
		for p := range 8 {
			m := Mem{Base: []reg.GPVirtual{first, fourth, seventh}[p/3]}
			if p%3 > 0 {
				m.Index, m.Scale = step, uint8(p%3)
			}
			at = append(at, m)
		}
		return at
	}
}

// tapsAtOnce is how many taps the loop over them takes at a time: fewer steps of
// pointers leave more of the ports to the arithmetic.
const tapsAtOnce = 5

// accumulate generates the loop over taps: sum[p][v] += x[p][tap] * w[tap][v].
func accumulate(s isa.Set, label string, x addresses, sum [][]reg.VecVirtual, bias reg.Register) {
	for v := range sum[0] {
		s.Load(Mem{Base: bias, Disp: v * s.Bytes}, sum[0][v])
		for p := 1; p < len(sum); p++ {
			VMOVAPS(sum[0][v], sum[p][v])
		}
	}
	taps := Load(Param("taps"), GP64())
	offsets := Load(Param("offsets"), GP64())
	w := Load(Param("w"), GP64())
	stepW := Load(Param("stepW"), GP64())
	threeW := GP64()
	LEAQ(Mem{Base: stepW, Index: stepW, Scale: 2}, threeW)
	tap := func(t int) {
		offset := GP64()
		MOVLQSX(Mem{Base: offsets, Disp: 4 * t}, offset)
		if s.Double {
			ADDQ(offset, offset) // they are those of float32
		}
		row := s.Vectors(len(sum[0]))
		for v := range row {
			from := Mem{Base: w, Disp: v * s.Bytes}
			switch t {
			case 1, 2, 4:
				from.Index, from.Scale = stepW, uint8(t)
			case 3:
				from.Index, from.Scale = threeW, 1
			}
			s.Load(from, row[v])
		}
		for p, at := range x(offset) {
			value := s.Vector()
			s.Broadcast(at, value)
			for v := range row {
				s.FMA(row[v], value, sum[p][v])
			}
		}
	}
	SUBQ(Imm(tapsAtOnce), taps)
	JLT(LabelRef(label + "_rest"))
	Label(label)
	for t := range tapsAtOnce {
		tap(t)
	}
	LEAQ(Mem{Base: w, Index: stepW, Scale: 4}, w)
	ADDQ(stepW, w)
	ADDQ(Imm(4*tapsAtOnce), offsets)
	SUBQ(Imm(tapsAtOnce), taps)
	JGE(LabelRef(label))
	Label(label + "_rest")
	ADDQ(Imm(tapsAtOnce), taps)
	JZ(LabelRef(label + "_done"))
	Label(label + "_single")
	tap(0)
	ADDQ(stepW, w)
	ADDQ(Imm(4), offsets)
	DECQ(taps)
	JNZ(LabelRef(label + "_single"))
	Label(label + "_done")
}

func sums(s isa.Set, positions, vectors int) [][]reg.VecVirtual {
	sum := make([][]reg.VecVirtual, positions)
	for p := range sum {
		sum[p] = s.Vectors(vectors)
	}
	return sum
}

// pairs are positions with a pointer of their own, and the same a step further.
func pairs(x []reg.GPVirtual) addresses {
	return func(offset reg.GPVirtual) []Mem {
		next := GP64()
		Load(Param("stepX"), next)
		ADDQ(offset, next)
		return append(each(x)(offset), each(x)(next)...)
	}
}

package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// convRow generates convolution and bias, with or without Relu, for positions
// along a row.
func convRow(s isa.Set, vectors, positions int) {
	name := s.Title(fmt.Sprintf("convRow%dx%d", positions, vectors))
	s.Text(name, "func(groups, taps int, offsets *int32, x *float32, stepX int, w *float32, stepW int, bias *float32, out *float32, stepOut int, relu bool)")
	Doc(fmt.Sprintf("%s sets, for groups of %d positions p and for %d filters f,", name, positions, vectors*s.Lanes()),
		"out[p][f] = bias[f] + sum over tap of x[p + offsets[tap]] * w[tap][f], or 0 where relu is set and that is <= 0.",
		"Offsets and steps are in bytes"+offsetsOf(s)+"; positions are stepX apart in x and stepOut in out.")
	groups := Load(Param("groups"), GP64())
	x := []reg.GPVirtual{GP64()}
	Load(Param("x"), x[0])
	var where addresses
	if positions == 8 {
		step, threeSteps := GP64(), GP64()
		Load(Param("stepX"), step)
		LEAQ(Mem{Base: step, Index: step, Scale: 2}, threeSteps)
		where = eight(x[0], step, threeSteps)
	} else {
		for p := 1; p < positions; p++ {
			x = append(x, GP64())
			Load(Param("stepX"), x[p])
			ADDQ(x[p-1], x[p])
		}
		where = each(x)
	}
	out := Load(Param("out"), GP64())
	loop := name + "_groups"
	Label(loop)
	sum := sums(s, positions, vectors)
	bias := Load(Param("bias"), GP64())
	accumulate(s, name+"_taps", where, sum, bias)

	store := name + "_store"
	relu := Load(Param("relu"), GP8())
	TESTB(relu, relu)
	JZ(LabelRef(store))
	cutNegative(s, sum)
	Label(store)
	stepOut := Load(Param("stepOut"), GP64())
	for p := range sum {
		for v := range sum[p] {
			s.Store(sum[p][v], Mem{Base: out, Disp: v * s.Bytes})
		}
		ADDQ(stepOut, out)
	}
	step := Load(Param("stepX"), GP64())
	if positions > 1 {
		SHLQ(Imm(map[int]uint64{4: 2, 8: 3}[positions]), step)
	}
	for _, p := range x {
		ADDQ(step, p)
	}
	DECQ(groups)
	JNZ(LabelRef(loop))
	VZEROUPPER()
	RET()
}

// cutNegative is Relu: 0 where v <= 0; nan stays.
func cutNegative(s isa.Set, sum [][]reg.VecVirtual) {
	zero := s.Vector()
	s.Zero(zero)
	if s.Bytes == isa.AVX512.Bytes {
		cut := K()
		for _, vs := range sum {
			for _, v := range vs {
				s.Compare(lessOrEqual, zero, v, cut)
				s.MoveWhere(zero, cut, v)
			}
		}
		return
	}
	cut := YMM()
	for _, vs := range sum {
		for _, v := range vs {
			s.Compare(lessOrEqual, zero, v, cut)
			VANDNPS(v, cut, v)
		}
	}
}

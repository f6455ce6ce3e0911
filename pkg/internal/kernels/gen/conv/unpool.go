package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// unpool generates the gradient of the map before pooling.
func unpool(s isa.Set) {
	name := "unpool" + s.Name
	TEXT(name, NOSPLIT, "func(vectors int, grad *float32, arg *uint8, out *float32, right, down int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s sets, for vectors of %d filters f, out[p][f] = grad[f] where arg[f] is p and 0 elsewhere,", name, s.Lanes()),
		"at the four positions p of a window: 0, right, down and right+down, in bytes.")
	n := Load(Param("vectors"), GP64())
	g := Load(Param("grad"), GP64())
	arg := Load(Param("arg"), GP64())
	out := Load(Param("out"), GP64())
	right := Load(Param("right"), GP64())
	below := Load(Param("down"), GP64())
	ADDQ(out, below)
	places := s.Vectors(windowPositions)
	for p := range places {
		spread(s, uint32(p), places[p])
	}
	Label(name + "_loop")
	grad, place := s.Vector(), s.Vector()
	s.Load(Mem{Base: g}, grad)
	VPMOVZXBD(Mem{Base: arg}, place)
	to := []Mem{{Base: out}, {Base: out, Index: right, Scale: 1}, {Base: below}, {Base: below, Index: right, Scale: 1}}
	for p := range places {
		own := s.Vector()
		if s == isa.AVX512 {
			here := K()
			VPCMPEQD(places[p], place, here)
			VMOVAPS_Z(grad, here, own)
		} else {
			VPCMPEQD(places[p], place, own)
			VANDPS(grad, own, own)
		}
		s.Store(own, to[p])
	}
	ADDQ(Imm(uint64(s.Bytes)), g)
	ADDQ(Imm(uint64(s.Lanes())), arg)
	ADDQ(Imm(uint64(s.Bytes)), out)
	ADDQ(Imm(uint64(s.Bytes)), below)
	DECQ(n)
	JNZ(LabelRef(name + "_loop"))
	VZEROUPPER()
	RET()
}

// maskGrad generates the gradient of Relu.
func maskGrad(s isa.Set) {
	name := "maskGrad" + s.Name
	TEXT(name, NOSPLIT, "func(vectors int, y, grad, out *float32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s sets out = grad where y is not 0, else 0, for vectors of %d.", name, s.Lanes()))
	n := Load(Param("vectors"), GP64())
	y := Load(Param("y"), GP64())
	g := Load(Param("grad"), GP64())
	out := Load(Param("out"), GP64())
	zero := s.Vector()
	s.Zero(zero)
	Label(name + "_loop")
	value, grad := s.Vector(), s.Vector()
	s.Load(Mem{Base: y}, value)
	s.Load(Mem{Base: g}, grad)
	if s == isa.AVX512 {
		on := K()
		VCMPPS(Imm(notEqual), zero, value, on)
		VMOVAPS_Z(grad, on, grad)
	} else {
		VCMPPS(Imm(notEqual), zero, value, value)
		VANDPS(value, grad, grad)
	}
	s.Store(grad, Mem{Base: out})
	for _, p := range []Register{y, g, out} {
		ADDQ(Imm(uint64(s.Bytes)), p)
	}
	DECQ(n)
	JNZ(LabelRef(name + "_loop"))
	VZEROUPPER()
	RET()
}

// Register is any register of avo.
type Register = reg.Register

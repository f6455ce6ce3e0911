package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// maxPool generates 2x2 max-pooling on its own.
func maxPool(s isa.Set) {
	name := s.Title("maxPool")
	s.Text(name, "func(windows, vectors int, x *float32, right, down, stepX int, out *float32, arg *uint8)")
	Doc(fmt.Sprintf("%s sets, for each window and for vectors of %d filters f, out[f] to the maximum of x[p][f]", name, s.Lanes()),
		"at the four positions p = 0, right, down, right+down, and arg[f] to the first p of it. Steps are in bytes;",
		"windows are stepX apart, what is written for them follows each other.")
	windows := Load(Param("windows"), GP64())
	x := Load(Param("x"), GP64())
	right := Load(Param("right"), GP64())
	down := Load(Param("down"), GP64())
	out := Load(Param("out"), GP64())
	arg := Load(Param("arg"), GP64())
	var places []reg.VecVirtual
	if s.Bytes == isa.AVX512.Bytes {
		places = s.Vectors(windowPositions)
		for p, place := range places {
			spread(s, uint32(p), place)
		}
	}
	Label(name + "_windows")
	upper, lower, vectors := GP64(), GP64(), GP64()
	MOVQ(x, upper)
	MOVQ(x, lower)
	ADDQ(down, lower)
	Load(Param("vectors"), vectors)
	Label(name + "_vectors")
	var y [windowPositions]reg.VecVirtual
	for p, from := range []Mem{{Base: upper}, {Base: upper, Index: right, Scale: 1}, {Base: lower}, {Base: lower, Index: right, Scale: 1}} {
		y[p] = s.Vector()
		s.Load(from, y[p])
	}
	if s.Bytes == isa.AVX512.Bytes {
		poolAVX512(s, y, places, false, Mem{Base: out}, Mem{Base: arg})
	} else {
		poolAVX2(s, y, false, Mem{Base: out}, Mem{Base: arg})
	}
	for _, p := range []Register{upper, lower, out} {
		ADDQ(Imm(uint64(s.Bytes)), p)
	}
	ADDQ(Imm(uint64(s.Lanes())), arg)
	DECQ(vectors)
	JNZ(LabelRef(name + "_vectors"))
	step := Load(Param("stepX"), GP64())
	ADDQ(step, x)
	DECQ(windows)
	JNZ(LabelRef(name + "_windows"))
	VZEROUPPER()
	RET()
}

// unpool generates the gradient of the map before pooling.
func unpool(s isa.Set) {
	name := s.Title("unpool")
	s.Text(name, "func(vectors int, grad *float32, arg *uint8, out *float32, right, down int)")
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
	s.LoadBytes(Mem{Base: arg}, place)
	to := []Mem{{Base: out}, {Base: out, Index: right, Scale: 1}, {Base: below}, {Base: below, Index: right, Scale: 1}}
	for p := range places {
		own := s.Vector()
		if s.Bytes == isa.AVX512.Bytes {
			here := K()
			s.Equal(places[p], place, here)
			s.LoadWhere(grad, here, own)
		} else {
			s.Equal(places[p], place, own)
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
	name := s.Title("maskGrad")
	s.Text(name, "func(vectors int, y, grad, out *float32)")
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
	if s.Bytes == isa.AVX512.Bytes {
		on := K()
		s.Compare(notEqual, zero, value, on)
		s.LoadWhere(grad, on, grad)
	} else {
		s.Compare(notEqual, zero, value, value)
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

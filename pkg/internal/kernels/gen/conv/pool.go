package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// convPool generates convolution, bias, 2x2 max-pooling and Relu for a row of
// windows, of which it takes one or two at a time.
func convPool(s isa.Set, vectors, windowsAtOnce int) {
	name := fmt.Sprintf("convPool%d%s", vectors, s.Name)
	if windowsAtOnce == 2 {
		name = fmt.Sprintf("convPoolPairs%d%s", vectors, s.Name)
	}
	TEXT(name, NOSPLIT, "func(windows, taps int, offsets *int32, x *float32, right, down, stepX int, w *float32, stepW int, bias *float32, out *float32, arg *uint8, stepOut int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s sets, for each window and each of %d filters f,", name, vectors*s.Lanes()),
		"y[p] = bias[f] + sum over tap of x[p + offsets[tap]] * w[tap][f] at the four positions p = 0, right, down, right+down;",
		"out[f] = max(y) or 0 where that is <= 0; arg[f] = the first p of the maximum (0 to 3), or 4 where out is 0.",
		"Offsets and steps are in bytes; windows are stepX apart, rows of out stepOut and of arg stepOut/4.",
		map[int]string{1: "It takes one window at a time.", 2: "It takes two windows at a time, whose number must be even."}[windowsAtOnce])
	windows := Load(Param("windows"), GP64())
	x := []reg.GPVirtual{GP64(), GP64(), GP64(), GP64()}
	Load(Param("x"), x[0])
	Load(Param("right"), x[1])
	Load(Param("down"), x[2])
	ADDQ(x[0], x[1])
	ADDQ(x[0], x[2])
	MOVQ(x[2], x[3])
	right := Load(Param("right"), GP64())
	ADDQ(right, x[3])
	out := Load(Param("out"), GP64())
	arg := Load(Param("arg"), GP64())

	var places []reg.VecVirtual // 0 to 4 in every lane
	if s == isa.AVX512 {
		places = s.Vectors(noGradient + 1)
		s.Zero(places[0])
		for p, place := range places[1:] {
			spread(uint32(p+1), place)
		}
	}
	loop := name + "_windows"
	Label(loop)
	sum := sums(s, windowsAtOnce*windowPositions, vectors)
	bias := Load(Param("bias"), GP64())
	where := each(x)
	if windowsAtOnce == 2 {
		where = pairs(x)
	}
	accumulate(s, name+"_taps", where, sum, bias)
	step := Load(Param("stepX"), GP64())
	for window := range windowsAtOnce {
		for v := range vectors {
			ys := sum[window*windowPositions:]
			best := [windowPositions]reg.VecVirtual{ys[0][v], ys[1][v], ys[2][v], ys[3][v]}
			if s == isa.AVX512 {
				poolAVX512(best, places, Mem{Base: out, Disp: v * s.Bytes}, Mem{Base: arg, Disp: v * s.Lanes()})
			} else {
				poolAVX2(best, Mem{Base: out, Disp: v * s.Bytes}, Mem{Base: arg, Disp: v * s.Lanes()})
			}
		}
		for _, p := range x {
			ADDQ(step, p)
		}
		stepOut := Load(Param("stepOut"), GP64())
		ADDQ(stepOut, out)
		SHRQ(Imm(2), stepOut)
		ADDQ(stepOut, arg)
		DECQ(windows)
	}
	JNZ(LabelRef(loop))
	VZEROUPPER()
	RET()
}

// poolAVX512 writes the maximum of four vectors, after Relu, and where it was.
// The first maximum counts, and the first nan wins.
func poolAVX512(y [windowPositions]reg.VecVirtual, places []reg.VecVirtual, out, arg Mem) {
	best, at := y[0], ZMM()
	for p := 1; p < windowPositions; p++ {
		number, better := K(), K()
		VCMPPS(Imm(ordered), best, best, number)
		VCMPPS(Imm(notLessOrEqual), best, y[p], number, better)
		VMOVAPS(y[p], better, best)
		if p == 1 {
			VMOVDQA32_Z(places[p], better, at)
		} else {
			VMOVDQA32(places[p], better, at)
		}
	}
	cut := K()
	VCMPPS(Imm(lessOrEqual), places[0], best, cut)
	VMOVAPS(places[0], cut, best)
	VMOVDQA32(places[noGradient], cut, at)
	VMOVUPS(best, out)
	bytes := XMM()
	VPMOVDB(at, bytes)
	VMOVDQU(bytes, arg)
}

// poolAVX2 is poolAVX512 with masks in vectors.
func poolAVX2(y [windowPositions]reg.VecVirtual, out, arg Mem) {
	best, at := y[0], YMM()
	VXORPS(at, at, at)
	for p := 1; p < windowPositions; p++ {
		number, better, place := YMM(), YMM(), YMM()
		VCMPPS(Imm(ordered), best, best, number)
		VCMPPS(Imm(notLessOrEqual), best, y[p], better)
		VANDPS(number, better, better)
		VBLENDVPS(better, y[p], best, best)
		spread(uint32(p), place)
		VBLENDVPS(better, place, at, at)
	}
	zero, cut, place := YMM(), YMM(), YMM()
	VXORPS(zero, zero, zero)
	VCMPPS(Imm(lessOrEqual), zero, best, cut)
	VANDNPS(best, cut, best)
	spread(noGradient, place)
	VBLENDVPS(cut, place, at, at)
	VMOVUPS(best, out)
	high := XMM()
	VEXTRACTI128(Imm(1), at, high)
	VPACKSSDW(high, at.AsX(), high)
	VPACKUSWB(high, high, high)
	VMOVQ(high, arg)
}

// spread puts a small number into every lane.
func spread(value uint32, to reg.VecVirtual) {
	r := GP32()
	MOVL(U32(value), r)
	VMOVD(r, to.AsX())
	VPBROADCASTD(to.AsX(), to)
}

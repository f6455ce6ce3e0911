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
	name := s.Title(fmt.Sprintf("convPool%d", vectors))
	if windowsAtOnce == 2 {
		name = s.Title(fmt.Sprintf("convPoolPairs%d", vectors))
	}
	s.Text(name, "func(windows, taps int, offsets *int32, x *float32, right, down, stepX int, w *float32, stepW int, bias *float32, out *float32, arg *uint8, stepOut int)")
	Doc(fmt.Sprintf("%s sets, for each window and each of %d filters f,", name, vectors*s.Lanes()),
		"y[p] = bias[f] + sum over tap of x[p + offsets[tap]] * w[tap][f] at the four positions p = 0, right, down, right+down;",
		"out[f] = max(y) or 0 where that is <= 0; arg[f] = the first p of the maximum (0 to 3), or 4 where out is 0.",
		fmt.Sprintf("Offsets and steps are in bytes%s; windows are stepX apart, rows of out stepOut and of arg stepOut/%d.", offsetsOf(s), s.Size()),
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
	if s.Bytes == isa.AVX512.Bytes {
		places = s.Vectors(noGradient + 1)
		s.Zero(places[0])
		for p, place := range places[1:] {
			spread(s, uint32(p+1), place)
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
			if s.Bytes == isa.AVX512.Bytes {
				poolAVX512(s, best, places, true, Mem{Base: out, Disp: v * s.Bytes}, Mem{Base: arg, Disp: v * s.Lanes()})
			} else {
				poolAVX2(s, best, true, Mem{Base: out, Disp: v * s.Bytes}, Mem{Base: arg, Disp: v * s.Lanes()})
			}
		}
		for _, p := range x {
			ADDQ(step, p)
		}
		stepOut := Load(Param("stepOut"), GP64())
		ADDQ(stepOut, out)
		SHRQ(Imm(uint64(s.Shift())), stepOut)
		ADDQ(stepOut, arg)
		DECQ(windows)
	}
	JNZ(LabelRef(loop))
	VZEROUPPER()
	RET()
}

// poolAVX512 writes the maximum of four vectors, also after Relu, and where it was.
// The first maximum counts, and the first nan wins.
func poolAVX512(s isa.Set, y [windowPositions]reg.VecVirtual, places []reg.VecVirtual, relu bool, out, arg Mem) {
	best, at := y[0], ZMM()
	for p := 1; p < windowPositions; p++ {
		number, better := K(), K()
		s.Compare(ordered, best, best, number)
		s.CompareWhere(notLessOrEqual, best, y[p], number, better)
		s.MoveWhere(y[p], better, best)
		switch {
		case p > 1:
			s.MoveWhere(places[p], better, at)
		case s.Double:
			VMOVDQA64_Z(places[p], better, at)
		default:
			VMOVDQA32_Z(places[p], better, at)
		}
	}
	if relu {
		cut := K()
		s.Compare(lessOrEqual, places[0], best, cut)
		s.MoveWhere(places[0], cut, best)
		s.MoveWhere(places[noGradient], cut, at)
	}
	s.Store(best, out)
	bytes := XMM()
	if s.Double {
		VPMOVQB(at, bytes)
		VMOVQ(bytes, arg)
		return
	}
	VPMOVDB(at, bytes)
	VMOVDQU(bytes, arg)
}

// poolAVX2 is poolAVX512 with masks in vectors.
func poolAVX2(s isa.Set, y [windowPositions]reg.VecVirtual, relu bool, out, arg Mem) {
	best, at := y[0], YMM()
	VXORPS(at, at, at)
	for p := 1; p < windowPositions; p++ {
		number, better, place := YMM(), YMM(), YMM()
		s.Compare(ordered, best, best, number)
		s.Compare(notLessOrEqual, best, y[p], better)
		VANDPS(number, better, better)
		VBLENDVPS(better, y[p], best, best)
		spread(s, uint32(p), place)
		VBLENDVPS(better, place, at, at)
	}
	if relu {
		zero, cut, place := YMM(), YMM(), YMM()
		VXORPS(zero, zero, zero)
		s.Compare(lessOrEqual, zero, best, cut)
		VANDNPS(best, cut, best)
		spread(s, noGradient, place)
		VBLENDVPS(cut, place, at, at)
	}
	s.Store(best, out)
	high := XMM()
	VEXTRACTI128(Imm(1), at, high)
	if s.Double {
		VPACKSSDW(high, at.AsX(), high)
		VPACKSSDW(high, high, high)
		VPACKUSWB(high, high, high)
		VMOVD(high, arg)
		return
	}
	VPACKSSDW(high, at.AsX(), high)
	VPACKUSWB(high, high, high)
	VMOVQ(high, arg)
}

// offsetsOf says where offsets are not those of the numbers.
func offsetsOf(s isa.Set) string {
	if s.Double {
		return ", offsets for half as many"
	}
	return ""
}

// spread puts a small number into every lane.
func spread(s isa.Set, value uint32, to reg.VecVirtual) {
	r := GP32()
	MOVL(U32(value), r)
	VMOVD(r, to.AsX())
	if s.Double {
		VPBROADCASTQ(to.AsX(), to)
	} else {
		VPBROADCASTD(to.AsX(), to)
	}
}

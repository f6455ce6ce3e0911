// Command conv generates the kernels of the convolution.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// Predicates of VCMPPS.
const (
	lessOrEqual     = 0x02 // false for nan
	notLessOrEqual  = 0x06 // true for nan
	ordered         = 0x07 // neither is nan
	notEqual        = 0x04 // true for nan
	windowPositions = 4
	noGradient      = 4 // argument of the maximum where Relu cuts it off
)

func main() {
	ConstraintExpr("!purego")
	positions := windowPlaces()
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2} {
		widths := []int{1, 2, 4}
		if s == isa.AVX2 {
			widths = []int{2}
		}
		for _, vectors := range widths {
			convPool(s, vectors, 1)
			if s == isa.AVX512 && vectors <= 2 {
				convPool(s, vectors, 2)
			}
			for _, positions := range []int{8, 4, 1} {
				if positions < 8 || s == isa.AVX512 && vectors <= 2 {
					convRow(s, vectors, positions)
				}
			}
		}
		for columns := 1; columns <= maxColumns; columns++ {
			convGrad(s, positions, 1, columns)
			if rows := gradRows(s, columns); rows > 1 {
				convGrad(s, positions, rows, columns)
			}
		}
		lookup(s)
		convGradDeep(s)
		inputGradDeep(s)
		if s == isa.AVX512 {
			for _, columns := range []int{14, 8} {
				squareRow(s, columns)
			}
			for _, windows := range []int{4, 3} {
				squarePool(s, windows)
			}
		}
		unpool(s)
		maskGrad(s)
	}
	Generate()
}

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

// convRow generates convolution and bias, with or without Relu, for positions
// along a row.
func convRow(s isa.Set, vectors, positions int) {
	name := fmt.Sprintf("convRow%dx%d%s", positions, vectors, s.Name)
	TEXT(name, NOSPLIT, "func(groups, taps int, offsets *int32, x *float32, stepX int, w *float32, stepW int, bias *float32, out *float32, stepOut int, relu bool)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s sets, for groups of %d positions p and for %d filters f,", name, positions, vectors*s.Lanes()),
		"out[p][f] = bias[f] + sum over tap of x[p + offsets[tap]] * w[tap][f], or 0 where relu is set and that is <= 0.",
		"Offsets and steps are in bytes; positions are stepX apart in x and stepOut in out.")
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
	if s == isa.AVX512 {
		cut := K()
		for _, vs := range sum {
			for _, v := range vs {
				VCMPPS(Imm(lessOrEqual), zero, v, cut)
				VMOVAPS(zero, cut, v)
			}
		}
		return
	}
	cut := YMM()
	for _, vs := range sum {
		for _, v := range vs {
			VCMPPS(Imm(lessOrEqual), zero, v, cut)
			VANDNPS(v, cut, v)
		}
	}
}

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
		spread(uint32(p), places[p])
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

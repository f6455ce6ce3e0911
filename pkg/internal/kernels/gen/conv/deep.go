package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// deepRows and deepVectors are what convGradDeep adds to at a time: the rows of a
// 3x3 filter, and vectors of each, which are its columns with their channels.
const deepRows, deepVectors = 3, 3

// convGradDeep generates the gradient of filters over many channels from that of
// the pooled map. A window adds to each filter at one position only.
func convGradDeep(s isa.Set) {
	name := s.Title("convGradDeep")
	s.Text(name, "func(filters, rows, windows int, x *float32, places *int, stepX, stepRow, width int, grad *float32, arg *uint8, stepG int, dw *float32, stepDW, stepF int)")
	Doc(fmt.Sprintf("%s does, for filters f and rows of windows, dw[f][r][i] += grad[f] * x[p + r*width + i] for r < %d and i < %d vectors of %d,", name, deepRows, deepVectors, s.Lanes()),
		"where p is places[arg[f]], or none for an arg of 4. Places and steps are in bytes: windows are stepX apart, their rows",
		fmt.Sprintf("stepRow, rows of dw stepDW, filters stepF; in grad windows are stepG apart, in arg stepG/%d.", s.Size()))
	places := Load(Param("places"), GP64())
	width := Load(Param("width"), GP64())
	stepG := Load(Param("stepG"), GP64())
	stepArg := GP64()
	MOVQ(stepG, stepArg)
	SHRQ(Imm(uint64(s.Shift())), stepArg)
	zero := AllocLocal(8)
	MOVQ(U32(0), zero)
	filter := GP64()
	XORQ(filter, filter)
	filterLoop, rowLoop, loop := name+"_filters", name+"_rows", name+"_windows"
	Label(filterLoop)
	rows := Load(Param("rows"), GP64())
	row := Load(Param("x"), GP64())
	grad, arg := GP64(), GP64()
	Load(Param("arg"), arg)
	ADDQ(filter, arg)
	firstGrad := Load(Param("grad"), GP64())
	LEAQ(Mem{Base: firstGrad, Index: filter, Scale: uint8(s.Size())}, grad)
	sum := sums(s, deepRows, deepVectors)
	for _, vs := range sum {
		for _, v := range vs {
			s.Zero(v)
		}
	}
	Label(rowLoop)
	windows := Load(Param("windows"), GP64())
	x := GP64()
	MOVQ(row, x)
	Label(loop)
	place, at, value, none := GP64(), GP64(), GP64(), GP64()
	MOVBQZX(Mem{Base: arg}, place)
	MOVQ(Mem{Base: places, Index: place, Scale: 8}, at)
	ADDQ(x, at)
	LEAQ(zero, none)
	MOVQ(grad, value)
	CMPQ(place, Imm(noGradient))
	CMOVQEQ(none, value)
	spreadGrad := s.Vector()
	s.Broadcast(Mem{Base: value}, spreadGrad)
	for r, vs := range sum {
		for i, v := range vs {
			s.FMA(Mem{Base: at, Disp: i * s.Bytes}, spreadGrad, v)
		}
		if r < deepRows-1 {
			ADDQ(width, at)
		}
	}
	ADDQ(stepG, grad)
	ADDQ(stepArg, arg)
	step := Load(Param("stepX"), GP64())
	ADDQ(step, x)
	DECQ(windows)
	JNZ(LabelRef(loop))
	stepRow := Load(Param("stepRow"), GP64())
	ADDQ(stepRow, row)
	DECQ(rows)
	JNZ(LabelRef(rowLoop))

	dw := GP64()
	Load(Param("stepF"), dw)
	IMULQ(filter, dw)
	firstDW := Load(Param("dw"), GP64())
	ADDQ(firstDW, dw)
	stepDW := Load(Param("stepDW"), GP64())
	for _, vs := range sum {
		for i, v := range vs {
			to := Mem{Base: dw, Disp: i * s.Bytes}
			s.Add(to, v, v)
			s.Store(v, to)
		}
		ADDQ(stepDW, dw)
	}
	INCQ(filter)
	filters := Load(Param("filters"), GP64())
	CMPQ(filter, filters)
	JLT(LabelRef(filterLoop))
	VZEROUPPER()
	RET()
}

// group is how many channels stand beside each other in the weights of inputGradDeep.
const group = 16

// patchSide is how far the filters of a window reach: 3x3 at four positions.
const patchSide = deepRows + 1

// inputGradDeep generates the gradient of the input from that of the pooled map, for
// one vector of channels and at most 32 filters. Of each window it takes the filters of
// each position together: so the registers that they add to are known beforehand. They
// hold the patch of 4x4 input positions that the window reaches; its last two columns
// are the first two of the next window's.
func inputGradDeep(s isa.Set) {
	if s.Bytes < isa.AVX512.Bytes {
		return // the patch has as many vectors as AVX2 has registers
	}
	tap := group * s.Size() // bytes from one of a filter's taps to the next
	name := s.Title("inputGradDeep")
	s.Text(name, "func(rows, windows int, dx *float32, stepC, width, stepX, stepRow int, grad *float32, arg *uint8, stepG int, w *float32, filters uint32)")
	Doc(fmt.Sprintf("%s does, for rows of windows, filters f, of which the bits of filters are set, %dx%d places (y, x) and %d channels c,", name, deepRows, deepRows, s.Lanes()),
		"dx[p + (y, x)][c] += grad[f] * w[f][y][x][c], where p is the window's own position, the next, the one below or both for",
		"an arg[f] from 0 to 3; for 4 there is no gradient. Steps are in bytes: in dx positions are stepC apart, rows width,",
		fmt.Sprintf("windows stepX and their rows stepRow; in grad windows are stepG apart, in arg stepG/%d; in w taps are %d apart.", s.Size(), tap))
	mask := K()
	filters := Load(Param("filters"), GP32())
	KMOVD(filters, mask)
	var place [windowPositions]reg.VecVirtual
	for p := range place {
		place[p] = YMM()
		r := GP32()
		MOVL(U32(p*0x01010101), r)
		VPBROADCASTD(r, place[p])
	}
	dxRow := Load(Param("dx"), GP64())
	grad := Load(Param("grad"), GP64())
	arg := Load(Param("arg"), GP64())
	w := Load(Param("w"), GP64())
	stepG := Load(Param("stepG"), GP64())
	stepC := Load(Param("stepC"), GP64())
	width := Load(Param("width"), GP64())
	rows := Load(Param("rows"), GP64())
	// Columns of the patch: the first two, the last two.
	halves := [2][patchSide][2]reg.VecVirtual{}
	for h := range halves {
		for r := range halves[h] {
			for c := range halves[h][r] {
				halves[h][r][c] = s.Vector()
			}
		}
	}
	empty := func(half [patchSide][2]reg.VecVirtual) {
		for _, row := range half {
			for _, v := range row {
				s.Zero(v)
			}
		}
	}
	// add adds two columns to the input's gradient.
	add := func(at reg.GPVirtual, half [patchSide][2]reg.VecVirtual) {
		to := GP64()
		MOVQ(at, to)
		for r, row := range half {
			if r > 0 {
				ADDQ(width, to)
			}
			for c, v := range row {
				m := Mem{Base: to}
				if c == 1 {
					m.Index, m.Scale = stepC, 1
				}
				s.Add(m, v, v)
				s.Store(v, m)
			}
		}
	}
	Label(name + "_rows")
	windows := Load(Param("windows"), GP64())
	dx := GP64()
	MOVQ(dxRow, dx)
	empty(halves[0])
	Label(name + "_windows")
	for turn := range halves {
		first, last := halves[turn], halves[1-turn]
		empty(last)
		args := YMM()
		VMOVDQU8_Z(Mem{Base: arg}, mask, args)
		for p := range place {
			label := fmt.Sprintf("%s_turn%d_position%d", name, turn, p)
			here, left := K(), GP64()
			VPCMPEQB(place[p], args, mask, here)
			KMOVQ(here, left)
			TESTQ(left, left)
			JZ(LabelRef(label + "_done"))
			Label(label)
			filter, taps, g := GP64(), GP64(), s.Vector()
			TZCNTQ(left, filter)
			s.Broadcast(Mem{Base: grad, Index: filter, Scale: uint8(s.Size())}, g)
			IMUL3Q(U32(deepRows*deepRows*tap), filter, taps)
			ADDQ(w, taps)
			for y := range deepRows {
				for x := range deepRows {
					r, c := p/2+y, p%2+x
					sum := first[r][c%2]
					if c >= 2 {
						sum = last[r][c%2]
					}
					s.FMA(Mem{Base: taps, Disp: (y*deepRows + x) * tap}, g, sum)
				}
			}
			BLSRQ(left, left)
			JNZ(LabelRef(label))
			Label(label + "_done")
		}
		add(dx, first)
		stepX := Load(Param("stepX"), GP64())
		ADDQ(stepX, dx)
		ADDQ(stepG, grad)
		stepArg := GP64()
		MOVQ(stepG, stepArg)
		SHRQ(Imm(uint64(s.Shift())), stepArg)
		ADDQ(stepArg, arg)
		DECQ(windows)
		JZ(LabelRef(fmt.Sprintf("%s_end%d", name, turn)))
	}
	JMP(LabelRef(name + "_windows"))
	for turn := range halves {
		Label(fmt.Sprintf("%s_end%d", name, turn))
		add(dx, halves[1-turn])
		if turn == 0 {
			JMP(LabelRef(name + "_row"))
		}
	}
	Label(name + "_row")
	stepRow := Load(Param("stepRow"), GP64())
	ADDQ(stepRow, dxRow)
	DECQ(rows)
	JNZ(LabelRef(name + "_rows"))
	VZEROUPPER()
	RET()
}

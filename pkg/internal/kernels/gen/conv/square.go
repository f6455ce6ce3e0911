package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

const side = 3 // of the filters of squareRow and squarePool

// square generates the loop over channels of 3x3 filters of one vector, for rows x
// columns neighbouring positions. It reads each number of the input once for all taps
// and rows that it meets, with the nine weights of a channel in registers: other
// kernels read a number for each multiplication where a vector holds all filters.
func square(s isa.Set, label string, x reg.Register, rows, columns int, bias reg.Register) [][]reg.VecVirtual {
	sum := sums(s, rows, columns)
	for r := range sum {
		for c := range sum[r] {
			s.Load(Mem{Base: bias}, sum[r][c])
		}
	}
	channels := Load(Param("channels"), GP64())
	stepX, stepY := Load(Param("stepX"), GP64()), Load(Param("stepY"), GP64())
	stepW, stepTap := Load(Param("stepW"), GP64()), Load(Param("stepTap"), GP64())
	from, w := GP64(), GP64()
	MOVQ(x, from)
	Load(Param("w"), w)
	Label(label)
	taps, at := make([]reg.VecVirtual, side*side), GP64()
	MOVQ(w, at)
	for tap := range taps {
		taps[tap] = s.Vector()
		s.Load(Mem{Base: at}, taps[tap])
		ADDQ(stepTap, at)
	}
	row := GP64()
	MOVQ(from, row)
	for y := range rows + side - 1 {
		at := GP64()
		MOVQ(row, at)
		for col := range columns + side - 1 {
			value := s.Vector()
			s.Broadcast(Mem{Base: at}, value)
			for r := max(0, y-side+1); r < min(rows, y+1); r++ {
				for c := max(0, col-side+1); c < min(columns, col+1); c++ {
					s.FMA(taps[(y-r)*side+col-c], value, sum[r][c])
				}
			}
			ADDQ(stepX, at)
		}
		ADDQ(stepY, row)
	}
	ADDQ(Imm(4), from)
	ADDQ(stepW, w)
	DECQ(channels)
	JNZ(LabelRef(label))
	return sum
}

// squareRow generates convolution and bias, with or without Relu, for neighbouring
// positions of a row.
func squareRow(s isa.Set, columns int) {
	name := fmt.Sprintf("squareRow%d%s", columns, s.Name)
	s.Text(name, "func(groups, channels int, x *float32, stepX, stepY int, w *float32, stepW, stepTap int, bias, out *float32, stepOut int, relu bool)")
	Doc(fmt.Sprintf("%s sets, for groups of %d positions p and for %d filters f,", name, columns, s.Lanes()),
		fmt.Sprintf("out[p][f] = bias[f] + sum over (y, x) < %d and channels c of x[p + (y, x)][c] * w[y, x][c][f], or 0 where relu is set and that is <= 0.", side),
		"Steps are in bytes: columns of x are stepX apart, rows stepY; taps of w stepTap, channels stepW; positions of out stepOut.")
	groups := Load(Param("groups"), GP64())
	x := Load(Param("x"), GP64())
	out := Load(Param("out"), GP64())
	bias := Load(Param("bias"), GP64())
	Label(name + "_groups")
	sum := square(s, name+"_channels", x, 1, columns, bias)
	store := name + "_store"
	relu := Load(Param("relu"), GP8())
	TESTB(relu, relu)
	JZ(LabelRef(store))
	cutNegative(s, sum)
	Label(store)
	stepX, stepOut := Load(Param("stepX"), GP64()), Load(Param("stepOut"), GP64())
	for _, v := range sum[0] {
		s.Store(v, Mem{Base: out})
		ADDQ(stepOut, out)
		ADDQ(stepX, x)
	}
	DECQ(groups)
	JNZ(LabelRef(name + "_groups"))
	VZEROUPPER()
	RET()
}

// squarePool generates convolution, bias, 2x2 max-pooling and Relu for neighbouring
// windows of a row.
func squarePool(s isa.Set, windows int) {
	name := fmt.Sprintf("squarePool%d%s", windows, s.Name)
	s.Text(name, "func(groups, channels int, x *float32, stepX, stepY int, w *float32, stepW, stepTap int, bias, out *float32, arg *uint8, stepOut int)")
	Doc(fmt.Sprintf("%s does what %s does at the four positions of each window, for groups of %d windows: out[f] is the", name, fmt.Sprintf("squareRow%d%s", 2*windows, s.Name), windows),
		"largest of the four, or 0 where that is <= 0, arg[f] which of them came first (0 to 3), or 4 where out is 0.",
		"Windows are stepOut bytes apart in out, stepOut/4 in arg.")
	groups := Load(Param("groups"), GP64())
	x := Load(Param("x"), GP64())
	out := Load(Param("out"), GP64())
	arg := Load(Param("arg"), GP64())
	bias := Load(Param("bias"), GP64())
	Label(name + "_groups")
	sum := square(s, name+"_channels", x, 2, 2*windows, bias)
	places := s.Vectors(noGradient + 1)
	s.Zero(places[0])
	for p, place := range places[1:] {
		spread(s, uint32(p+1), place)
	}
	stepX, stepOut, stepArg := Load(Param("stepX"), GP64()), Load(Param("stepOut"), GP64()), GP64()
	MOVQ(stepOut, stepArg)
	SHRQ(Imm(2), stepArg)
	for i := range windows {
		four := [windowPositions]reg.VecVirtual{sum[0][2*i], sum[0][2*i+1], sum[1][2*i], sum[1][2*i+1]}
		poolAVX512(s, four, places, true, Mem{Base: out}, Mem{Base: arg})
		ADDQ(stepOut, out)
		ADDQ(stepArg, arg)
		LEAQ(Mem{Base: x, Index: stepX, Scale: 2}, x)
	}
	DECQ(groups)
	JNZ(LabelRef(name + "_groups"))
	VZEROUPPER()
	RET()
}

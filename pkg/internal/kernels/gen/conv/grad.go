package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// maxColumns is how many columns of a filter a call of the gradient kernel takes.
const maxColumns = 7

// lookup generates what makes the table that convGrad looks up.
func lookup(s isa.Set) {
	switch {
	case s == isa.AVX512:
		rowPairs(s)
	case s.Bytes == isa.AVX2.Bytes:
		quads(s)
	}
}

// rowPairs generates the table of two rows of an image, which a vector of 16 has room for.
func rowPairs(s isa.Set) {
	name := "rowPairs" + s.Name
	s.Text(name, "func(rows, windows int, x *float32, width int, q *float32, columns uint32)")
	Doc(name+" sets, for rows of x, width bytes apart, and windows w, q[row][w] = x[row][2*w], … and x[row+1][2*w], …:",
		"of each as many of 8 as columns has bits, the others 0.")
	rows := Load(Param("rows"), GP64())
	row := Load(Param("x"), GP64())
	width := Load(Param("width"), GP64())
	q := Load(Param("q"), GP64())
	columns, mask := Load(Param("columns"), GP32()), K()
	KMOVD(columns, mask)
	Label(name + "_rows")
	windows := Load(Param("windows"), GP64())
	x := GP64()
	MOVQ(row, x)
	Label(name + "_windows")
	upper, lower := YMM(), YMM()
	VMOVUPS_Z(Mem{Base: x}, mask, upper)
	VMOVUPS_Z(Mem{Base: x, Index: width, Scale: 1}, mask, lower)
	VMOVUPS(upper, Mem{Base: q})
	VMOVUPS(lower, Mem{Base: q, Disp: 32})
	ADDQ(Imm(8), x)
	ADDQ(Imm(64), q)
	DECQ(windows)
	JNZ(LabelRef(name + "_windows"))
	ADDQ(width, row)
	DECQ(rows)
	JNZ(LabelRef(name + "_rows"))
	VZEROUPPER()
	RET()
}

// quads generates the table of the four positions for each element.
func quads(s isa.Set) {
	name := s.Title("quads")
	s.Text(name, "func(n int, x *float32, down int, q *float32)")
	Doc(name + " sets q[i] = x[i], x[i+1], x[i+down], x[i+down+1] for n elements i; down is in bytes.")
	n := Load(Param("n"), GP64())
	x := Load(Param("x"), GP64())
	down := Load(Param("down"), GP64())
	q := Load(Param("q"), GP64())
	Label(name + "_loop")
	below := Mem{Base: x, Index: down, Scale: 1}
	if s.Double {
		four := YMM()
		VMOVUPD(Mem{Base: x}, four.AsX())
		VINSERTF128(Imm(1), below, four, four)
		VMOVUPD(four, Mem{Base: q})
	} else {
		four := XMM()
		VMOVSD(Mem{Base: x}, four)
		VMOVHPS(below, four, four)
		VMOVUPS(four, Mem{Base: q})
	}
	ADDQ(Imm(uint64(s.Size())), x)
	ADDQ(Imm(uint64(4*s.Size())), q)
	DECQ(n)
	JNZ(LabelRef(name + "_loop"))
	if s.Double {
		VZEROUPPER()
	}
	RET()
}

// gradRows is how many rows of a filter registers hold the gradient of, for one
// vector of filters, at most as many as there are columns.
func gradRows(s isa.Set, columns int) int {
	taps := 25
	if s.Bytes == isa.AVX2.Bytes {
		taps = 10
	}
	return min(columns, taps/columns)
}

// windowPlaces is where the four positions of a window stand in a vector of two rows of 8.
func windowPlaces() Mem {
	data := GLOBL("windowPlaces", NOPTR|RODATA)
	for p, at := range []uint32{0, 1, 8, 9} {
		DATA(4*p, U32(at))
	}
	for p := windowPositions; p < 16; p++ {
		DATA(4*p, U32(0))
	}
	return data
}

// fetch generates, for each tap, each filter's own input.
type fetch func(row, column int) reg.VecVirtual

// fromPairs fetches from two rows of the image at a time; the columns of a row lie one
// after the other. It takes the taps column by column.
func fromPairs(s isa.Set, q, stepQ, threeQ reg.Register, where, one, place reg.VecVirtual, some reg.OpmaskVirtual) fetch {
	VPERMD(where, place, place)
	last := 0
	return func(row, column int) reg.VecVirtual {
		if column > last {
			VPADDD(one, place, place)
			last = column
		}
		own := s.Vector()
		VPERMPS_Z(tapRow(q, stepQ, threeQ, row, 0), place, some, own)
		return own
	}
}

// fromQuads fetches from the four positions of a tap.
func fromQuads(s isa.Set, q, stepQ, threeQ reg.Register, place reg.VecVirtual) fetch {
	return func(row, column int) reg.VecVirtual {
		if s.Double {
			own, four := s.Vector(), YMM()
			VMOVUPD(tapRow(q, stepQ, threeQ, row, 32*column), four)
			VPERMPD(four.AsZ(), place, own)
			return own
		}
		own, four := s.Vector(), XMM() // the lanes above are zero
		VMOVUPS(tapRow(q, stepQ, threeQ, row, 16*column), four)
		VPERMPS(four.AsY(), place, own)
		return own
	}
}

// fromDoubleQuads does so in float64 for AVX2, whose instruction fetches numbers of 4
// bytes: two for each. The four positions fill a vector, so that none is zero for the
// lanes that are off.
func fromDoubleQuads(s isa.Set, q, stepQ, threeQ reg.Register, place, off reg.VecVirtual) fetch {
	high := s.Vector()
	VPCMPEQD(high, high, high)
	VPSRLQ(Imm(63), high, high)
	VPADDQ(place, place, place)
	VPADDQ(place, high, high)
	VPSLLQ(Imm(32), high, high)
	VPADDQ(high, place, place)
	return func(row, column int) reg.VecVirtual {
		own := s.Vector()
		VPERMPS(tapRow(q, stepQ, threeQ, row, 32*column), place, own)
		VANDNPD(own, off, own)
		return own
	}
}

// tapRow is the address of a row of taps.
func tapRow(q, stepQ, threeQ reg.Register, row, disp int) Mem {
	at := Mem{Base: q, Disp: disp}
	switch row {
	case 1, 2, 4:
		at.Index, at.Scale = stepQ, uint8(row)
	case 3:
		at.Index, at.Scale = threeQ, 1
	}
	return at
}

// convGrad generates the gradient of the filters from that of the pooled map.
// Each lane of g belongs to one of four positions, arg; VPERMPS fetches each
// lane's own input from a table.
func convGrad(s isa.Set, positions Mem, tapRows, columns int) {
	name := s.Title(fmt.Sprintf("convGrad%dx%d", tapRows, columns))
	s.Text(name, "func(rows, windows int, q *float32, stepX, stepRow, stepQ int, grad *float32, arg *uint8, stepG int, dw *float32, stepDW, stepDWRow int, db *float32)")
	Doc(fmt.Sprintf("%s does, for rows of windows, %d x %d taps and %d filters f, dw[tap][f] += grad[f] * the input at tap and arg[f]", name, tapRows, columns, s.Lanes()),
		"and db[f] += grad[f] unless db is nil, where arg[f] is a place from 0 to 3, or 4 for no gradient.",
		"Steps are in bytes: in q, the table of kernels.Lookup, windows are stepX apart, their rows stepRow, rows of taps",
		fmt.Sprintf("stepQ; in grad windows are stepG apart, in arg stepG/%d; in dw taps are stepDW apart and rows of them stepDWRow.", s.Size()))
	rows := Load(Param("rows"), GP64())
	row := Load(Param("q"), GP64())
	stepX := Load(Param("stepX"), GP64())
	stepQ := Load(Param("stepQ"), GP64())
	g := Load(Param("grad"), GP64())
	arg := Load(Param("arg"), GP64())
	stepG := Load(Param("stepG"), GP64())
	stepArg := GP64()
	MOVQ(stepG, stepArg)
	SHRQ(Imm(uint64(s.Shift())), stepArg)
	threeQ := GP64()
	LEAQ(Mem{Base: stepQ, Index: stepQ, Scale: 2}, threeQ)
	sum := sums(s, tapRows, columns)
	bias, none := s.Vector(), s.Vector()
	s.Zero(bias)
	spread(s, noGradient, none)
	for _, vs := range sum {
		for _, v := range vs {
			s.Zero(v)
		}
	}
	var where, one reg.VecVirtual
	if s == isa.AVX512 {
		where, one = s.Vector(), s.Vector()
		VMOVDQU32(positions, where)
		spread(s, 1, one)
	}
	rowLoop, loop := name+"_rows", name+"_windows"
	Label(rowLoop)
	windows := Load(Param("windows"), GP64())
	q := GP64()
	MOVQ(row, q)
	Label(loop)
	grad, place := s.Vector(), s.Vector()
	s.LoadBytes(Mem{Base: arg}, place)
	var own fetch
	switch {
	case s == isa.AVX512:
		some := K()
		VPTESTNMD(none, place, some)
		VMOVUPS_Z(Mem{Base: g}, some, grad)
		own = fromPairs(s, q, stepQ, threeQ, where, one, place, some)
	case s.Bytes == isa.AVX512.Bytes:
		some := K()
		VPTESTNMQ(none, place, some)
		VMOVUPD_Z(Mem{Base: g}, some, grad)
		own = fromQuads(s, q, stepQ, threeQ, place)
	case s.Double:
		off := s.Vector()
		s.Equal(none, place, off)
		VANDNPD(Mem{Base: g}, off, grad)
		own = fromDoubleQuads(s, q, stepQ, threeQ, place, off)
	default:
		s.Equal(none, place, grad)
		VANDNPS(Mem{Base: g}, grad, grad)
		own = fromQuads(s, q, stepQ, threeQ, place)
	}
	s.Add(grad, bias, bias)
	for c := range columns {
		for r := range tapRows {
			s.FMA(own(r, c), grad, sum[r][c])
		}
	}
	ADDQ(stepX, q)
	ADDQ(stepG, g)
	ADDQ(stepArg, arg)
	DECQ(windows)
	JNZ(LabelRef(loop))
	stepRow := Load(Param("stepRow"), GP64())
	ADDQ(stepRow, row)
	DECQ(rows)
	JNZ(LabelRef(rowLoop))

	dwRow := Load(Param("dw"), GP64())
	stepDW := Load(Param("stepDW"), GP64())
	stepDWRow := Load(Param("stepDWRow"), GP64())
	for _, vs := range sum {
		dw := GP64()
		MOVQ(dwRow, dw)
		for _, v := range vs {
			s.Add(Mem{Base: dw}, v, v)
			s.Store(v, Mem{Base: dw})
			ADDQ(stepDW, dw)
		}
		ADDQ(stepDWRow, dwRow)
	}
	db := Load(Param("db"), GP64())
	TESTQ(db, db)
	JZ(LabelRef(name + "_done"))
	s.Add(Mem{Base: db}, bias, bias)
	s.Store(bias, Mem{Base: db})
	Label(name + "_done")
	VZEROUPPER()
	RET()
}

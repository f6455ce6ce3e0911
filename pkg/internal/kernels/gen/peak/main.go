// Command peak generates the loops that measure how fast a processor multiplies
// and adds, and how fast it moves numbers.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"convbook/pkg/internal/kernels/gen/isa"
)

// sums is more than latency times units of every processor so far: 4 cycles and
// 2 units.
const sums = 12

func main() {
	ConstraintExpr("!purego")
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2} {
		peak(s)
		triad(s)
	}
	Generate()
}

func peak(s isa.Set) {
	name := "peak" + s.Name
	TEXT(name, NOSPLIT, "func(rounds int, x, y float32) (sum float32)")
	Doc(fmt.Sprintf("%s does sum += x*y in %d vectors of %d, rounds times, and returns the first lane of all of them added.", name, sums, s.Lanes()))
	rounds := Load(Param("rounds"), GP64())
	x, y := s.Vector(), s.Vector()
	spread("x", x)
	spread("y", y)
	vs := s.Vectors(sums)
	for _, v := range vs {
		s.Zero(v)
	}
	Label(name + "_loop")
	for _, v := range vs {
		s.FMA(x, y, v)
	}
	DECQ(rounds)
	JNZ(LabelRef(name + "_loop"))
	for _, v := range vs[1:] {
		VADDPS(v, vs[0], vs[0])
	}
	result, err := ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	VMOVSS(vs[0].AsX(), result.Addr)
	VZEROUPPER()
	RET()
}

// spread puts a parameter into every lane of a vector.
func spread(param string, to Op) {
	address, err := Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(address.Addr, to)
}

func triad(s isa.Set) {
	name := "triad" + s.Name
	TEXT(name, NOSPLIT, "func(vectors int, out, x, y *float32, a float32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s does out = x + a*y for vectors of %d, at least one.", name, s.Lanes()))
	vectors := Load(Param("vectors"), GP64())
	out := Load(Param("out"), GP64())
	x := Load(Param("x"), GP64())
	y := Load(Param("y"), GP64())
	a := s.Vector()
	spread("a", a)
	at := GP64()
	XORQ(at, at)
	Label(name + "_loop")
	xs, ys := s.Vector(), s.Vector()
	s.Load(Mem{Base: x, Index: at, Scale: 1}, xs)
	s.Load(Mem{Base: y, Index: at, Scale: 1}, ys)
	s.FMA(a, ys, xs)
	s.Store(xs, Mem{Base: out, Index: at, Scale: 1})
	ADDQ(Imm(uint64(s.Bytes)), at)
	DECQ(vectors)
	JNZ(LabelRef(name + "_loop"))
	VZEROUPPER()
	RET()
}

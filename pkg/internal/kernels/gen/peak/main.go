// Command peak generates the loop that measures how fast a processor multiplies
// and adds.
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

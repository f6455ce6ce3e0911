// Command adam generates Adam's update of the parameters.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"convbook/pkg/internal/kernels/gen/isa"
)

func main() {
	ConstraintExpr("!purego")
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2} {
		adam(s)
	}
	Generate()
}

func adam(s isa.Set) {
	name := "adam" + s.Name
	TEXT(name, NOSPLIT, "func(vectors int, p, grad, m, v *float32, rate, b1, b2, epsilon float32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s does m += b1*(grad - m); v += b2*(grad*grad - v); p -= rate*m/(sqrt(v) + epsilon) for vectors of %d.", name, s.Lanes()))
	n := Load(Param("vectors"), GP64())
	p := Load(Param("p"), GP64())
	g := Load(Param("grad"), GP64())
	m := Load(Param("m"), GP64())
	v := Load(Param("v"), GP64())
	rate, b1, b2, epsilon := s.Vector(), s.Vector(), s.Vector(), s.Vector()
	for i, param := range []string{"rate", "b1", "b2", "epsilon"} {
		address, err := Param(param).Resolve()
		if err != nil {
			panic(err)
		}
		x := XMM()
		VMOVSS(address.Addr, x)
		VBROADCASTSS(x, []Op{rate, b1, b2, epsilon}[i])
	}
	at := GP64()
	XORQ(at, at)
	Label(name + "_loop")
	grad, first, second, value := s.Vector(), s.Vector(), s.Vector(), s.Vector()
	s.Load(Mem{Base: g, Index: at, Scale: 1}, grad)
	s.Load(Mem{Base: m, Index: at, Scale: 1}, first)
	s.Load(Mem{Base: v, Index: at, Scale: 1}, second)
	s.Load(Mem{Base: p, Index: at, Scale: 1}, value)
	change := s.Vector()
	VSUBPS(first, grad, change)
	VMULPS(b1, change, change)
	VADDPS(change, first, first)
	VMULPS(grad, grad, grad)
	VSUBPS(second, grad, grad)
	VMULPS(b2, grad, grad)
	VADDPS(grad, second, second)
	s.Store(first, Mem{Base: m, Index: at, Scale: 1})
	s.Store(second, Mem{Base: v, Index: at, Scale: 1})
	VSQRTPS(second, second)
	VADDPS(epsilon, second, second)
	VMULPS(rate, first, first)
	VDIVPS(second, first, first)
	VSUBPS(first, value, value)
	s.Store(value, Mem{Base: p, Index: at, Scale: 1})
	ADDQ(Imm(uint64(s.Bytes)), at)
	DECQ(n)
	JNZ(LabelRef(name + "_loop"))
	VZEROUPPER()
	RET()
}

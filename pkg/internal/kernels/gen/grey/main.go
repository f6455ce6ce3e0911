// Command grey generates the conversion of pixels.
package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"convbook/pkg/internal/kernels/gen/isa"
)

func main() {
	ConstraintExpr("!purego")
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2} {
		grey(s)
	}
	Generate()
}

func grey(s isa.Set) {
	name := "grey" + s.Name
	TEXT(name, NOSPLIT, "func(vectors int, pixels *uint8, x *float32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s sets x = float32(pixel)/255 for vectors of %d.", name, s.Lanes()))
	vectors := Load(Param("vectors"), GP64())
	pixels := Load(Param("pixels"), GP64())
	x := Load(Param("x"), GP64())
	white, bits := s.Vector(), GP32()
	MOVL(U32(math.Float32bits(255)), bits)
	VMOVD(bits, white.AsX())
	VPBROADCASTD(white.AsX(), white)
	Label(name + "_loop")
	v := s.Vector()
	VPMOVZXBD(Mem{Base: pixels}, v)
	VCVTDQ2PS(v, v)
	VDIVPS(white, v, v)
	s.Store(v, Mem{Base: x})
	ADDQ(Imm(uint64(s.Lanes())), pixels)
	ADDQ(Imm(uint64(s.Bytes)), x)
	DECQ(vectors)
	JNZ(LabelRef(name + "_loop"))
	VZEROUPPER()
	RET()
}

// Package isa hides from the generators what AVX-512 and AVX2 do differently.
package isa

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Set is an instruction set with its vectors of float32 or float64.
type Set struct {
	Name   string // avx512 or avx2, the ending of a function's name
	Bytes  int    // of a vector
	Double bool   // float64 instead of float32
}

// Sets are the variants of a kernel.
var (
	AVX512 = Set{Name: "AVX512", Bytes: 64}
	AVX2   = Set{Name: "AVX2", Bytes: 32}
)

// Float64 returns the same instruction set with vectors of float64.
func (s Set) Float64() Set { s.Double = true; return s }

// Size is the number of bytes of an element.
func (s Set) Size() int {
	if s.Double {
		return 8
	}
	return 4
}

// Shift is how far a number of elements is shifted to become one of bytes.
func (s Set) Shift() int { return 2 + s.Size()/8 }

// Lanes is the number of elements of a vector.
func (s Set) Lanes() int { return s.Bytes / s.Size() }

// Type is the Go type of an element.
func (s Set) Type() string { return fmt.Sprintf("float%d", 8*s.Size()) }

// Vector returns a new register.
func (s Set) Vector() reg.VecVirtual {
	if s.Bytes == 64 {
		return ZMM()
	}
	return YMM()
}

// Vectors returns n new registers.
func (s Set) Vectors(n int) []reg.VecVirtual {
	vs := make([]reg.VecVirtual, n)
	for i := range vs {
		vs[i] = s.Vector()
	}
	return vs
}

// Zero clears a register.
func (s Set) Zero(v reg.VecVirtual) {
	if s.Bytes == 64 {
		VPXORD(v, v, v)
	} else {
		VXORPS(v, v, v)
	}
}

// Load reads a vector.
func (s Set) Load(from Mem, to reg.VecVirtual) {
	if s.Double {
		VMOVUPD(from, to)
	} else {
		VMOVUPS(from, to)
	}
}

// Store writes a vector.
func (s Set) Store(v reg.VecVirtual, to Mem) {
	if s.Double {
		VMOVUPD(v, to)
	} else {
		VMOVUPS(v, to)
	}
}

// Broadcast puts one element into every lane.
func (s Set) Broadcast(from Mem, to reg.VecVirtual) {
	if s.Double {
		VBROADCASTSD(from, to)
	} else {
		VBROADCASTSS(from, to)
	}
}

// FMA is sum += a*b.
func (s Set) FMA(a Op, b, sum reg.VecVirtual) {
	if s.Double {
		VFMADD231PD(a, b, sum)
	} else {
		VFMADD231PS(a, b, sum)
	}
}

// Add is out = a + b.
func (s Set) Add(a Op, b, out reg.VecVirtual) {
	if s.Double {
		VADDPD(a, b, out)
	} else {
		VADDPS(a, b, out)
	}
}

// Mul is out = a*b.
func (s Set) Mul(a Op, b, out reg.VecVirtual) {
	if s.Double {
		VMULPD(a, b, out)
	} else {
		VMULPS(a, b, out)
	}
}

// Sub is out = a - b.
func (s Set) Sub(a reg.VecVirtual, b Op, out reg.VecVirtual) {
	if s.Double {
		VSUBPD(b, a, out)
	} else {
		VSUBPS(b, a, out)
	}
}

// Div is out = a/b.
func (s Set) Div(a reg.VecVirtual, b Op, out reg.VecVirtual) {
	if s.Double {
		VDIVPD(b, a, out)
	} else {
		VDIVPS(b, a, out)
	}
}

// Sqrt is out = the root of a.
func (s Set) Sqrt(a, out reg.VecVirtual) {
	if s.Double {
		VSQRTPD(a, out)
	} else {
		VSQRTPS(a, out)
	}
}

// LoadWhere reads the lanes of a mask register for AVX-512; the others become zero.
func (s Set) LoadWhere(from Op, where reg.OpmaskVirtual, to reg.VecVirtual) {
	if s.Double {
		VMOVUPD_Z(from, where, to)
	} else {
		VMOVUPS_Z(from, where, to)
	}
}

// LoadBytes reads a vector's number of bytes, and makes each as wide as an element.
func (s Set) LoadBytes(from Mem, to reg.VecVirtual) {
	if s.Double {
		VPMOVZXBQ(from, to)
	} else {
		VPMOVZXBD(from, to)
	}
}

// Equal sets to, for AVX-512 a mask register and for AVX2 a vector, to where whole numbers
// are the same.
func (s Set) Equal(a, b reg.VecVirtual, to Op) {
	if s.Double {
		VPCMPEQQ(a, b, to)
	} else {
		VPCMPEQD(a, b, to)
	}
}

// Title is the name of a kernel for the set: those for float64 begin with a d.
func (s Set) Title(name string) string {
	if s.Double {
		return "d" + strings.ToUpper(name[:1]) + name[1:] + s.Name
	}
	return name + s.Name
}

// Text begins a kernel with a signature as it is for float32.
func (s Set) Text(name, signature string) {
	TEXT(name, NOSPLIT, strings.ReplaceAll(signature, "float32", s.Type()))
	Pragma("noescape")
}

// Scale is x = x*by + plus.
func (s Set) Scale(x, by reg.VecVirtual, plus Op) {
	if s.Double {
		VFMADD213PD(plus, by, x)
	} else {
		VFMADD213PS(plus, by, x)
	}
}

// BroadcastParam puts a parameter into every lane of a vector.
func (s Set) BroadcastParam(param string) reg.VecVirtual {
	address, err := Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	v := s.Vector()
	s.Broadcast(address.Addr, v)
	return v
}

// Compare sets to, for AVX-512 a mask register and for AVX2 a vector, to where b and a have
// the relation.
func (s Set) Compare(relation uint64, a, b reg.VecVirtual, to Op) {
	if s.Double {
		VCMPPD(Imm(relation), a, b, to)
	} else {
		VCMPPS(Imm(relation), a, b, to)
	}
}

// CompareWhere does so for AVX-512 in the lanes of the mask where; the others get no bit.
func (s Set) CompareWhere(relation uint64, a, b reg.VecVirtual, where, to reg.OpmaskVirtual) {
	if s.Double {
		VCMPPD(Imm(relation), a, b, where, to)
	} else {
		VCMPPS(Imm(relation), a, b, where, to)
	}
}

// MoveWhere copies the lanes of a mask register for AVX-512.
func (s Set) MoveWhere(from reg.VecVirtual, where reg.OpmaskVirtual, to reg.VecVirtual) {
	if s.Double {
		VMOVAPD(from, where, to)
	} else {
		VMOVAPS(from, where, to)
	}
}

// Mask says which lanes of a vector count. On AVX-512 it is in a mask register,
// on AVX2 in a vector.
type Mask struct {
	set    Set
	k      reg.OpmaskVirtual
	vector reg.VecVirtual
}

// LoadMask reads a mask from memory: for AVX-512 a uint16, for AVX2 a vector
// whose lanes are all ones or zero.
func (s Set) LoadMask(from Mem) Mask {
	if s.Bytes == 64 {
		k := K()
		KMOVW(from, k)
		return Mask{set: s, k: k}
	}
	v := YMM()
	VMOVUPS(from, v)
	return Mask{set: s, vector: v}
}

// Load reads the lanes of the mask; the others become zero. Memory of lanes
// outside the mask is not touched.
func (m Mask) Load(from Mem, to reg.VecVirtual) {
	switch {
	case m.set.Bytes == 64 && m.set.Double:
		VMOVUPD_Z(from, m.k, to)
	case m.set.Bytes == 64:
		VMOVUPS_Z(from, m.k, to)
	case m.set.Double:
		VMASKMOVPD(from, m.vector, to)
	default:
		VMASKMOVPS(from, m.vector, to)
	}
}

// Store writes the lanes of the mask.
func (m Mask) Store(v reg.VecVirtual, to Mem) {
	switch {
	case m.set.Bytes == 64 && m.set.Double:
		VMOVUPD(v, m.k, to)
	case m.set.Bytes == 64:
		VMOVUPS(v, m.k, to)
	case m.set.Double:
		VMASKMOVPD(v, m.vector, to)
	default:
		VMASKMOVPS(v, m.vector, to)
	}
}

// Command sigmoid generates Sigmoid and its gradient.
package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// numbers are what the formulas need, each in memory as often as AVX2 has lanes.
var numbers = []struct {
	name string
	bits uint32
}{
	{"sign", 1 << 31},
	{"least", math.Float32bits(-104)}, // exp of it is 0 in float32
	{"log2e", math.Float32bits(math.Log2E)},
	{"magic", math.Float32bits(3 << 22)}, // what is added to it and taken away again is rounded
	{"-ln2 high", math.Float32bits(-0x1.62e4p-1)},
	{"-ln2 low", math.Float32bits(-(math.Ln2 - 0x1.62e4p-1))},
	// exp(r) for |r| <= ln 2 / 2, off by 2^-28.3 relative at most, from the highest power down.
	{"e6", math.Float32bits(0.0013814598471931097)},
	{"e5", math.Float32bits(0.008368716887421022)},
	{"e4", math.Float32bits(0.041668388048888005)},
	{"e3", math.Float32bits(0.16666520631626414)},
	{"e2", math.Float32bits(0.49999993447778807)},
	{"1", math.Float32bits(1)},
	// 1/d for 1 <= d <= 2, off by 2^-9.1 relative at most.
	{"i3", math.Float32bits(-0.22183694163741183)},
	{"i2", math.Float32bits(1.3310218636278675)},
	{"i1", math.Float32bits(-2.9393404388630016)},
	{"i0", math.Float32bits(2.828422409092419)},
	{"bias", 127}, // of a float32's exponent
}

func main() {
	ConstraintExpr("!purego")
	table := GLOBL("sigmoidNumbers", RODATA|NOPTR)
	lanes := isa.AVX2.Lanes()
	for i, n := range numbers {
		for lane := range lanes {
			DATA(4*(lanes*i+lane), U32(n.bits))
		}
	}
	at := map[string]Mem{}
	for i, n := range numbers {
		at[n.name] = table.Offset(4 * lanes * i)
	}
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2} {
		sigmoid(s, at)
		grad(s)
	}
	Generate()
}

// constants gives the numbers to a kernel: AVX-512 holds all in registers, AVX2 some.
type constants struct {
	s    isa.Set
	at   map[string]Mem
	held map[string]reg.VecVirtual
}

func (c constants) register(name string) reg.VecVirtual {
	if _, ok := c.held[name]; !ok {
		c.held[name] = c.s.Vector()
		c.s.Broadcast(c.at[name], c.held[name])
	}
	return c.held[name]
}

// operand is the number where an instruction can read it.
func (c constants) operand(name string) Op {
	if v, ok := c.held[name]; ok {
		return v
	}
	return c.at[name]
}

// each generates a loop over vectors, and what follows them under a mask.
func each(s isa.Set, name string, arrays []string, body func(load func(array string) reg.VecVirtual) reg.VecVirtual) {
	vectors := Load(Param("vectors"), GP64())
	mask := s.LoadMask(Mem{Base: Load(Param("mask"), GP64())})
	pointer := map[string]reg.Register{}
	for _, a := range arrays {
		pointer[a] = Load(Param(a), GP64())
	}
	at := GP64()
	XORQ(at, at)
	place := func(array string) Mem { return Mem{Base: pointer[array], Index: at, Scale: 1} }
	last := arrays[len(arrays)-1]
	TESTQ(vectors, vectors)
	JZ(LabelRef(name + "_rest"))
	Label(name + "_loop")
	s.Store(body(func(array string) reg.VecVirtual {
		v := s.Vector()
		s.Load(place(array), v)
		return v
	}), place(last))
	ADDQ(Imm(uint64(s.Bytes)), at)
	DECQ(vectors)
	JNZ(LabelRef(name + "_loop"))
	Label(name + "_rest")
	mask.Store(body(func(array string) reg.VecVirtual {
		v := s.Vector()
		mask.Load(place(array), v)
		return v
	}), place(last))
	VZEROUPPER()
	RET()
}

// sigmoid generates 1/(1+e) for e = exp(-x), or for x below 0 what is the same, e/(1+e)
// for e = exp(x): e never is above 1. With d, which is 1+e rounded, the quotient is
// corrected by what that left of the numerator.
func sigmoid(s isa.Set, at map[string]Mem) {
	name := "sigmoid" + s.Name
	s.Text(name, "func(vectors int, x, y *float32, mask *byte)")
	Doc(fmt.Sprintf("%s sets y = 1/(1+exp(-x)) for vectors of %d, and for the lanes of a mask after them.", name, s.Lanes()))
	c := constants{s, at, map[string]reg.VecVirtual{}}
	for _, n := range numbers {
		if s == isa.AVX512 && n.name != "bias" || n.name == "least" || n.name == "log2e" || n.name == "1" {
			c.register(n.name)
		}
	}
	each(s, name, []string{"x", "y"}, func(load func(string) reg.VecVirtual) reg.VecVirtual {
		x := load("x")
		u := s.Vector() // -|x|
		VORPS(c.operand("sign"), x, u)
		VMAXPS(u, c.register("least"), u) // a nan stays
		e := exp(s, c, u)

		d, lost := s.Vector(), s.Vector()
		VADDPS(c.operand("1"), e, d)
		VSUBPS(c.operand("1"), d, lost)
		VSUBPS(lost, e, lost) // d + lost is 1 + e

		if s == isa.AVX512 {
			positive := K()
			VPMOVD2M(x, positive)
			KNOTW(positive, positive)
			VMOVAPS(c.register("1"), positive, e)
		} else {
			VBLENDVPS(x, e, c.register("1"), e)
		}

		inverse, error := s.Vector(), s.Vector()
		copyOf(s, c, "i3", inverse)
		for _, n := range []string{"i2", "i1", "i0"} {
			VFMADD213PS(c.operand(n), d, inverse)
		}
		VMOVAPS(c.register("1"), error)
		VFNMADD231PS(inverse, d, error)
		VFMADD231PS(inverse, error, inverse)

		y := s.Vector()
		VMULPS(inverse, e, y)
		VFNMADD231PS(y, d, e)
		VFNMADD231PS(y, lost, e)
		VFMADD231PS(inverse, e, y)
		return y
	})
}

func copyOf(s isa.Set, c constants, name string, to reg.VecVirtual) {
	if v, ok := c.held[name]; ok {
		VMOVAPS(v, to)
	} else {
		s.Load(c.at[name], to)
	}
}

// exp generates exp(u) for -104 <= u <= 0, as exp(r) * 2^n.
func exp(s isa.Set, c constants, u reg.VecVirtual) reg.VecVirtual {
	n := s.Vector()
	VMOVAPS(u, n)
	VFMADD213PS(c.operand("magic"), c.register("log2e"), n)
	VSUBPS(c.operand("magic"), n, n)
	r := u
	VFMADD231PS(c.operand("-ln2 high"), n, r)
	VFMADD231PS(c.operand("-ln2 low"), n, r)
	e := s.Vector()
	copyOf(s, c, "e6", e)
	for _, k := range []string{"e5", "e4", "e3", "e2", "1", "1"} {
		VFMADD213PS(c.operand(k), r, e)
	}
	if s == isa.AVX512 {
		VSCALEFPS(n, e, e)
		return e
	}
	// In two steps, of which the first rounds nothing: 2^n may be below 2^-126.
	VCVTPS2DQ(n, n)
	half := s.Vector()
	VPSRAD(Imm(1), n, half)
	VPSUBD(half, n, n)
	for _, power := range []reg.VecVirtual{half, n} {
		VPADDD(c.operand("bias"), power, power)
		VPSLLD(Imm(23), power, power)
		VMULPS(power, e, e)
	}
	return e
}

// grad generates the gradient of the input. Each operation is rounded.
func grad(s isa.Set) {
	name := "sigmoidGrad" + s.Name
	s.Text(name, "func(vectors int, y, dy, dx *float32, mask *byte)")
	Doc(fmt.Sprintf("%s sets dx = dy * ((1-y)*y) for vectors of %d, and for the lanes of a mask after them.", name, s.Lanes()))
	one, bits := s.Vector(), GP32()
	MOVL(U32(math.Float32bits(1)), bits)
	VMOVD(bits, one.AsX())
	VBROADCASTSS(one.AsX(), one)
	each(s, name, []string{"y", "dy", "dx"}, func(load func(string) reg.VecVirtual) reg.VecVirtual {
		y, slope := load("y"), s.Vector()
		VSUBPS(y, one, slope)
		VMULPS(y, slope, slope)
		VMULPS(load("dy"), slope, slope)
		return slope
	})
}

// Command optimizer generates the updates of the parameters. Each operation is rounded,
// so that every variant gives the same bits.
package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// rule is an optimizer: what it keeps for each parameter besides p and grad, its
// numbers, and its step, which changes the vectors of what it sets.
type rule struct {
	name, formula string
	keeps         []string
	numbers       []string
	step          func(s isa.Set, at, number map[string]reg.VecVirtual)
}

var rules = []rule{
	{"sgd", "p -= rate*grad", nil, []string{"rate"}, func(s isa.Set, at, number map[string]reg.VecVirtual) {
		s.Mul(number["rate"], at["grad"], at["grad"])
		s.Sub(at["p"], at["grad"], at["p"])
	}},
	{"momentum", "v = momentum*v - rate*grad; p += v", []string{"v"}, []string{"momentum", "rate"}, func(s isa.Set, at, number map[string]reg.VecVirtual) {
		follow(s, at, number)
		s.Add(at["v"], at["p"], at["p"])
	}},
	{"nesterov", "p += momentum*momentum*v; p -= far*grad; v = momentum*v - rate*grad", []string{"v"}, []string{"momentum", "far", "rate"},
		func(s isa.Set, at, number map[string]reg.VecVirtual) {
			ahead := s.Vector()
			s.Mul(number["momentum"], number["momentum"], ahead)
			s.Mul(at["v"], ahead, ahead)
			s.Add(ahead, at["p"], at["p"])
			back := s.Vector()
			s.Mul(number["far"], at["grad"], back)
			s.Sub(at["p"], back, at["p"])
			follow(s, at, number)
		}},
	{"adaGrad", "h += grad*grad; p -= rate*grad/(sqrt(h) + epsilon)", []string{"h"}, []string{"rate", "epsilon"}, func(s isa.Set, at, number map[string]reg.VecVirtual) {
		square := s.Vector()
		s.Mul(at["grad"], at["grad"], square)
		s.Add(square, at["h"], at["h"])
		s.Mul(number["rate"], at["grad"], at["grad"])
		scaled(s, at["grad"], at["h"], at["p"], number["epsilon"])
	}},
	{"rmsprop", "h *= decay; h += rest*grad*grad; p -= rate*grad/(sqrt(h) + epsilon)", []string{"h"}, []string{"decay", "rest", "rate", "epsilon"},
		func(s isa.Set, at, number map[string]reg.VecVirtual) {
			s.Mul(number["decay"], at["h"], at["h"])
			square := s.Vector()
			s.Mul(number["rest"], at["grad"], square)
			s.Mul(at["grad"], square, square)
			s.Add(square, at["h"], at["h"])
			s.Mul(number["rate"], at["grad"], at["grad"])
			scaled(s, at["grad"], at["h"], at["p"], number["epsilon"])
		}},
	{"adam", "m += b1*(grad - m); v += b2*(grad*grad - v); p -= rate*m/(sqrt(v) + epsilon)", []string{"m", "v"}, []string{"rate", "b1", "b2", "epsilon"},
		func(s isa.Set, at, number map[string]reg.VecVirtual) {
			change := s.Vector()
			s.Sub(at["grad"], at["m"], change)
			s.Mul(number["b1"], change, change)
			s.Add(change, at["m"], at["m"])
			s.Mul(at["grad"], at["grad"], change)
			s.Sub(change, at["v"], change)
			s.Mul(number["b2"], change, change)
			s.Add(change, at["v"], at["v"])
			step := s.Vector()
			s.Mul(number["rate"], at["m"], step)
			scaled(s, step, at["v"], at["p"], number["epsilon"])
		}},
}

// follow is v = momentum*v - rate*grad. It changes grad.
func follow(s isa.Set, at, number map[string]reg.VecVirtual) {
	s.Mul(number["momentum"], at["v"], at["v"])
	s.Mul(number["rate"], at["grad"], at["grad"])
	s.Sub(at["v"], at["grad"], at["v"])
}

// scaled is p -= step/(sqrt(h) + epsilon). It changes step.
func scaled(s isa.Set, step, h, p, epsilon reg.VecVirtual) {
	root := s.Vector()
	s.Sqrt(h, root)
	s.Add(epsilon, root, root)
	s.Div(step, root, step)
	s.Sub(p, step, p)
}

func main() {
	ConstraintExpr("!purego")
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2, isa.AVX512.Float64(), isa.AVX2.Float64()} {
		for _, r := range rules {
			r.generate(s)
		}
	}
	Generate()
}

func (r rule) generate(s isa.Set) {
	name := s.Title(r.name)
	arrays := append([]string{"p", "grad"}, r.keeps...)
	s.Text(name, fmt.Sprintf("func(vectors int, %s *float32, %s float32)", strings.Join(arrays, ", "), strings.Join(r.numbers, ", ")))
	Doc(fmt.Sprintf("%s does %s for vectors of %d.", name, r.formula, s.Lanes()))
	vectors := Load(Param("vectors"), GP64())
	pointer, number := map[string]reg.Register{}, map[string]reg.VecVirtual{}
	for _, a := range arrays {
		pointer[a] = Load(Param(a), GP64())
	}
	for _, n := range r.numbers {
		number[n] = s.BroadcastParam(n)
	}
	restore := func() {}
	if !s.Double {
		restore = tinyAsZero()
	}
	at := GP64()
	XORQ(at, at)
	Label(name + "_loop")
	vs := map[string]reg.VecVirtual{}
	for _, a := range arrays {
		vs[a] = s.Vector()
		s.Load(Mem{Base: pointer[a], Index: at, Scale: 1}, vs[a])
	}
	r.step(s, vs, number)
	for _, a := range arrays {
		if a != "grad" {
			s.Store(vs[a], Mem{Base: pointer[a], Index: at, Scale: 1})
		}
	}
	ADDQ(Imm(uint64(s.Bytes)), at)
	DECQ(vectors)
	JNZ(LabelRef(name + "_loop"))
	restore()
	VZEROUPPER()
	RET()
}

// tinyAsZero makes numbers below 2^-126 count as zero, in what is read and what is
// written. They come from weights whose gradient has become zero, stay for good, and
// each would take a hundred times as long as another number.
func tinyAsZero() (restore func()) {
	const denormalsAreZero, flushToZero = 1 << 6, 1 << 15
	old, changed, bits := AllocLocal(8), AllocLocal(8), GP32()
	STMXCSR(old)
	MOVL(old, bits)
	ORL(U32(denormalsAreZero|flushToZero), bits)
	MOVL(bits, changed)
	LDMXCSR(changed)
	return func() { LDMXCSR(old) }
}

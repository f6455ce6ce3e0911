package main

import (
	"fmt"
	"strings"
)

// rule is an optimizer: what it keeps for each parameter besides p and grad, its
// numbers, and its step, which changes the vectors of what it sets. Each operation is
// rounded, so that every variant gives the same bits.
type rule struct {
	name, formula, keeps, numbers string
	step                          func(f *file, n number, at, number map[string]int)
}

// Registers for what is computed on the way, beside those of arrays and numbers.
const change, root = 16, 17

var rules = []rule{
	{"sgd", "p -= rate*grad", "", "rate", func(f *file, n number, at, number map[string]int) {
		f.two(mul, n, number["rate"], at["grad"], change)
		f.two(sub, n, at["p"], change, at["p"])
	}},
	{"momentum", "v = momentum*v - rate*grad; p += v", "v", "momentum rate", func(f *file, n number, at, number map[string]int) {
		follow(f, n, at, number)
		f.two(add, n, at["p"], at["v"], at["p"])
	}},
	{"nesterov", "p += momentum*momentum*v; p -= far*grad; v = momentum*v - rate*grad", "v", "momentum far rate", func(f *file, n number, at, number map[string]int) {
		f.two(mul, n, number["momentum"], number["momentum"], change)
		f.two(mul, n, change, at["v"], change)
		f.two(add, n, at["p"], change, at["p"])
		f.two(mul, n, number["far"], at["grad"], change)
		f.two(sub, n, at["p"], change, at["p"])
		follow(f, n, at, number)
	}},
	{"adaGrad", "h += grad*grad; p -= rate*grad/(sqrt(h) + epsilon)", "h", "rate epsilon", func(f *file, n number, at, number map[string]int) {
		f.two(mul, n, at["grad"], at["grad"], change)
		f.two(add, n, at["h"], change, at["h"])
		f.two(mul, n, number["rate"], at["grad"], change)
		scaled(f, n, at["h"], at["p"], number["epsilon"])
	}},
	{"rmsprop", "h *= decay; h += rest*grad*grad; p -= rate*grad/(sqrt(h) + epsilon)", "h", "decay rest rate epsilon", func(f *file, n number, at, number map[string]int) {
		f.two(mul, n, number["decay"], at["h"], at["h"])
		f.two(mul, n, number["rest"], at["grad"], change)
		f.two(mul, n, change, at["grad"], change)
		f.two(add, n, at["h"], change, at["h"])
		f.two(mul, n, number["rate"], at["grad"], change)
		scaled(f, n, at["h"], at["p"], number["epsilon"])
	}},
	{"adam", "m += b1*(grad - m); v += b2*(grad*grad - v); p -= rate*m/(sqrt(v) + epsilon)", "m v", "rate b1 b2 epsilon", func(f *file, n number, at, number map[string]int) {
		f.two(sub, n, at["grad"], at["m"], change)
		f.two(mul, n, number["b1"], change, change)
		f.two(add, n, at["m"], change, at["m"])
		f.two(mul, n, at["grad"], at["grad"], change)
		f.two(sub, n, change, at["v"], change)
		f.two(mul, n, number["b2"], change, change)
		f.two(add, n, at["v"], change, at["v"])
		f.two(mul, n, number["rate"], at["m"], change)
		scaled(f, n, at["v"], at["p"], number["epsilon"])
	}},
}

// follow is v = momentum*v - rate*grad.
func follow(f *file, n number, at, number map[string]int) {
	f.two(mul, n, number["momentum"], at["v"], at["v"])
	f.two(mul, n, number["rate"], at["grad"], change)
	f.two(sub, n, at["v"], change, at["v"])
}

// scaled is p -= change/(sqrt(h) + epsilon).
func scaled(f *file, n number, h, p, epsilon int) {
	f.one(sqrt, n, h, root)
	f.two(add, n, root, epsilon, root)
	f.two(div, n, change, root, change)
	f.two(sub, n, p, change, p)
}

// optimizers generates the updates of the parameters.
func optimizers(f *file) {
	for _, n := range numbers {
		for _, r := range rules {
			r.generate(f, n)
		}
	}
}

// generate writes the loop. Array i is at R(i+1) and in V(i+4), number i in all lanes of V(i).
func (r rule) generate(f *file, n number) {
	name := n.title(r.name)
	arrays, numbers := strings.Fields("p grad "+r.keeps), strings.Fields(r.numbers)
	k := f.kernel(n, name, "vectors *"+strings.Join(arrays, " *")+" ="+strings.Join(numbers, " ="),
		fmt.Sprintf("// %s does %s for vectors of %d, at least one.", name, r.formula, n.count))
	f.load(n, k, "vectors", 0)
	at, number := map[string]int{}, map[string]int{}
	for i, a := range arrays {
		at[a] = i + 4
		f.load(n, k, a, i+1)
	}
	for i, v := range numbers {
		number[v] = i
		f.load(n, k, v, i)
	}
	f.label("loop")
	for i, a := range arrays {
		f.line("VLD1 (R%d), [V%d.%s]", i+1, at[a], n.lanes)
	}
	r.step(f, n, at, number)
	for i, a := range arrays {
		if a == "grad" {
			f.line("ADD $16, R%d", i+1)
		} else {
			f.line("VST1.P [V%d.%s], 16(R%d)", at[a], n.lanes, i+1)
		}
	}
	f.line("SUB $1, R0")
	f.line("CBNZ R0, loop")
	f.line("RET")
}

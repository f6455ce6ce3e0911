package main

import (
	"fmt"
	"strings"
)

// number is an element type: what its functions are called, its lanes, and the
// letter of its scalar instructions.
type number struct {
	prefix, goType, lanes, lane, letter string
	count                               int // lanes of a vector
}

var numbers = []number{
	{"s", "float32", "S4", "S", "S", 4},
	{"d", "float64", "D2", "D", "D", 2},
}

// size is the number of bytes of an element.
func (n number) size() int { return 16 / n.count }

// shift is how far a number of elements is shifted to become one of bytes.
func (n number) shift() int { return 2 + n.size()/8 }

// title is the name of a kernel: those for float64 begin with a d.
func (n number) title(name string) string {
	if n.size() == 8 {
		name = "d" + strings.ToUpper(name[:1]) + name[1:]
	}
	return name + "NEON"
}

// list writes registers that follow each other: "V16.S4, V17.S4".
func list(first, count int, lanes string) string {
	text := ""
	for i := range count {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("V%d.%s", first+i, lanes)
	}
	return text
}

// operation is one on vectors that the assembler has no name for, with its code for
// float32: that for float64 has a bit more.
type operation struct {
	name string
	code uint32
}

var (
	add          = operation{"FADD", 0x4e20d400}
	sub          = operation{"FSUB", 0x4ea0d400}
	mul          = operation{"FMUL", 0x6e20dc00}
	div          = operation{"FDIV", 0x6e20fc00}
	sqrt         = operation{"FSQRT", 0x6ea1f800}
	equal        = operation{"FCMEQ", 0x4e20e400}
	greaterEqual = operation{"FCMGE", 0x6e20e400}
	notPositive  = operation{"FCMLE0", 0x6ea0d800}
	pairs        = operation{"FADDP", 0x6e20d400} // the sums of neighbours in a, then in b
)

const doubleBit = 1 << 22

func (o operation) of(n number) uint32 {
	if n.size() == 8 {
		return o.code | doubleBit
	}
	return o.code
}

// two is to = a o b, for each lane.
func (f *file) two(o operation, n number, a, b, to int) {
	f.line("WORD $0x%08x // %s V%d, V%d, V%d", o.of(n)|uint32(b<<16|a<<5|to), o.name, b, a, to)
}

// one is to = o(a), for each lane.
func (f *file) one(o operation, n number, a, to int) {
	f.line("WORD $0x%08x // %s V%d, V%d", o.of(n)|uint32(a<<5|to), o.name, a, to)
}

// clear is to = a where the bits of where are 0, and 0 elsewhere.
func (f *file) clear(a, where, to int) {
	f.line("WORD $0x%08x // BIC V%d, V%d, V%d", 0x4e601c00|uint32(where<<16|a<<5|to), where, a, to)
}

// fma is sum += a*b, rounded once.
func (f *file) fma(n number, a, b, sum int) {
	f.line("VFMLA V%[1]d.%[4]s, V%[2]d.%[4]s, V%[3]d.%[4]s", a, b, sum, n.lanes)
}

// zero clears registers that follow each other.
func (f *file) zero(first, count int) {
	for i := range count {
		f.line("VEOR V%[1]d.B16, V%[1]d.B16, V%[1]d.B16", first+i)
	}
}

// spread puts a whole number into every lane.
func (f *file) spread(n number, value, scratch, to int) {
	f.line("MOVD $%d, R%d", value, scratch)
	f.line("VDUP R%d, V%d.%s", scratch, to, n.lanes)
}

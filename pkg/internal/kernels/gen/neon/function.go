package main

import (
	"fmt"
	"strings"
)

// param is one of a function: an int, or what a pointer of kind points to, or a number
// or flag of that kind.
type param struct {
	name, kind string
	size       int
}

// function is a kernel with its params, in the order of its signature.
type function struct {
	name   string
	params []param
}

// kernel begins a kernel on numbers of a type, and declares it. Params are separated by
// spaces: those that begin with a * are pointers to numbers, with a @ pointers to bytes,
// with a # pointers to int32, with a & pointers to int, with a ! flags, with a = numbers; the others are int.
func (f *file) kernel(n number, name, params, doc string) function {
	k := function{name: name}
	for _, word := range strings.Fields(params) {
		kinds := map[byte]param{'*': {kind: "*" + n.goType, size: 8}, '@': {kind: "*uint8", size: 8}, '#': {kind: "*int32", size: 8}, '&': {kind: "*int", size: 8},
			'!': {kind: "bool", size: 1}, '=': {kind: n.goType, size: n.size()}}
		p, ok := kinds[word[0]]
		if p.name = word[min(1, len(word)):]; !ok {
			p = param{word, "int", 8}
		}
		k.params = append(k.params, p)
	}
	f.declare(k.name, doc, k.signature(), k.size())
	return k
}

// signature is that of the declaration in Go.
func (k function) signature() string {
	var list []string
	for _, p := range k.params {
		list = append(list, p.name+" "+p.kind)
	}
	return "(" + strings.Join(list, ", ") + ")"
}

func (k function) size() int {
	total := 0
	for _, p := range k.params {
		total += p.size
	}
	return total
}

// declare begins a function with arguments of the given size, and its declaration.
func (f *file) declare(name, doc, signature string, size int) {
	fmt.Fprintf(&f.declarations, "\n%s\n//\n//go:noescape\nfunc %s%s\n", doc, name, signature)
	fmt.Fprintf(&f.text, "\n// func %s%s\nTEXT ·%s(SB), NOSPLIT, $0-%d\n", name, signature, name, size)
}

// load reads a param into a register, R and its number, or for a number into all lanes
// of V and its number.
func (f *file) load(n number, k function, name string, register int) {
	offset := 0
	for _, p := range k.params {
		if p.name != name {
			offset += p.size
			continue
		}
		switch p.kind {
		case "bool":
			f.line("MOVBU %s+%d(FP), R%d", name, offset, register)
		case n.goType:
			f.line("FMOV%s %s+%d(FP), F%d", n.letter, name, offset, register)
			f.line("VDUP V%[1]d.%[2]s[0], V%[1]d.%[3]s", register, n.lane, n.lanes)
		default:
			f.line("MOVD %s+%d(FP), R%d", name, offset, register)
		}
		return
	}
	panic(k.name + " has no " + name)
}

// loads reads params into registers that follow each other.
func (f *file) loads(n number, k function, names string, first int) {
	for i, name := range strings.Fields(names) {
		f.load(n, k, name, first+i)
	}
}

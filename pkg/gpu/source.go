package gpu

import (
	"embed"
	"fmt"
	"strings"

	"convbook/pkg/internal/opencl"
)

//go:embed kernels/*.cl
var files embed.FS

func file(name string) string {
	text, err := files.ReadFile("kernels/" + name + ".cl")
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(text)
}

// argument is a parameter of a kernel: a buffer that stays the same or, without one, what
// is set before a launch by its name.
type argument struct {
	kind, name string
	buffer     *opencl.Buffer
}

func reads(name string, b *opencl.Buffer) argument {
	return argument{"__global const float *", name, b}
}
func writes(name string, b *opencl.Buffer) argument { return argument{"__global float *", name, b} }

// source is the text of a program, in which each kernel is an instance of a file with the
// sizes of its layer.
type source struct {
	text     strings.Builder
	tiles    map[string]string // the tiles of products that are known
	products []*product
}

// kernel is an instance.
type kernel struct {
	name      string
	arguments []argument
	size      int // items of a group
	groups    func(n int) [3]int
	product   *product // nil where it is none
}

// defines are the macros of an instance, name and value in turn.
type defines []any

// add writes an instance of the files, and returns it.
func (s *source) add(name string, names []string, arguments []argument, d defines, size int, groups func(n int) [3]int) *kernel {
	var params, args []string
	seen := map[string]bool{}
	var own []argument
	for _, a := range arguments {
		if seen[a.name] {
			continue
		}
		seen[a.name] = true
		own = append(own, a)
		params, args = append(params, a.kind+" "+a.name), append(args, a.name)
	}
	d = append(d, "F(part)", name+"_##part", "PARAMETERS", strings.Join(params, ", "), "ARGUMENTS", strings.Join(args, ", "))
	var macros []string
	for i := 0; i < len(d); i += 2 {
		fmt.Fprintf(&s.text, "#define %v %v\n", d[i], d[i+1])
		macro, _, _ := strings.Cut(fmt.Sprint(d[i]), "(")
		macros = append(macros, macro)
	}
	for _, name := range names {
		text := file(name)
		s.text.WriteString(text)
		for line := range strings.Lines(text) {
			if words := strings.Fields(line); name != "product" && len(words) > 1 && words[0] == "#define" {
				macro, _, _ := strings.Cut(words[1], "(")
				macros = append(macros, macro)
			}
		}
	}
	for _, macro := range macros {
		fmt.Fprintf(&s.text, "#undef %s\n", macro)
	}
	return &kernel{name: name + "_kernel", arguments: own, size: size, groups: groups}
}

// each is how many groups work on n samples of so many values, an item for each value.
func each(values int) func(n int) [3]int {
	return func(n int) [3]int { return [3]int{(n*values + items - 1) / items, 1, 1} }
}

// items is how many items a group of such a kernel has.
const items = 256

func ceil(a, b int) int { return (a + b - 1) / b }

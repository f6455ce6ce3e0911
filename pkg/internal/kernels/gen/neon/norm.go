package main

import (
	"fmt"
	"slices"
	"strings"
)

// norms generates the kernels of batch normalisation. Each operation is rounded, as in
// plain Go.
func norms(f *file) {
	for _, n := range numbers {
		columnSums(f, n)
		normalise(f, n)
		normGradSums(f, n)
		normGrad(f, n)
	}
}

// columns are loops over vectors of columns, and for each over the rows of matrices.
//
// Registers: matrix i is at R(2i+2), its rows are R(2i+3) apart, R(20+i) goes down them,
// and V(20+i) is for what body reads there. What there is one of for each column is at
// R(10+i) and in V(i).
type columns struct {
	matrices, steps, each, written []string
	body                           func()
}

func (f *file) columns(n number, k function, c columns) {
	f.loads(n, k, "vectors rows", 0)
	for i, m := range c.matrices {
		f.load(n, k, m, 2*i+2)
		f.load(n, k, c.steps[i], 2*i+3)
	}
	for i, name := range c.each {
		f.load(n, k, name, 10+i)
	}
	f.label("columns")
	for i := range c.each {
		f.line("VLD1 (R%d), [V%d.%s]", 10+i, i, n.lanes)
	}
	f.line("MOVD R1, R19")
	for i := range c.matrices {
		f.line("MOVD R%d, R%d", 2*i+2, 20+i)
	}
	f.label("rows")
	c.body()
	f.line("SUB $1, R19")
	f.line("CBNZ R19, rows")
	for i, name := range c.each {
		if slices.Contains(c.written, name) {
			f.line("VST1 [V%d.%s], (R%d)", i, n.lanes, 10+i)
		}
		f.line("ADD $16, R%d", 10+i)
	}
	for i := range c.matrices {
		f.line("ADD $16, R%d", 2*i+2)
	}
	f.line("SUB $1, R0")
	f.line("CBNZ R0, columns")
	f.line("RET")
}

// read takes what stands in the row of matrix i, and goes to the next row.
func (f *file) read(n number, i int) {
	f.line("VLD1.P (R%d)(R%d), [V%d.%s]", 20+i, 2*i+3, 20+i, n.lanes)
}

// compared is what outputs are compared with.
const compared = 16

// gradient reads y and dy, matrices 1 and 2: V22 is dy, or 0 where y is none.
func (f *file) gradient(n number) {
	f.read(n, 1)
	f.read(n, 2)
	f.two(equal, n, 21, compared, 21)
	f.clear(22, 21, 22)
}

func columnSums(f *file, n number) {
	name := n.title("columnSums")
	k := f.kernel(n, name, "vectors rows *x stepX *c *sum *square",
		fmt.Sprintf(`// %s does, over rows r that are stepX bytes apart and for vectors of %d columns f,
// sum[f] += x[r][f]-c[f] and square[f] += (x[r][f]-c[f])*(x[r][f]-c[f]).`, name, n.count))
	f.columns(n, k, columns{[]string{"x"}, []string{"stepX"}, strings.Fields("c sum square"), strings.Fields("sum square"), func() {
		f.read(n, 0)
		f.two(sub, n, 20, 0, 20)
		f.two(add, n, 1, 20, 1)
		f.two(mul, n, 20, 20, 20)
		f.two(add, n, 2, 20, 2)
	}})
}

func normalise(f *file, n number) {
	name := n.title("normalise")
	k := f.kernel(n, name, "vectors rows *x stepX *mean *scale *shift *y stepY =floor",
		fmt.Sprintf(`// %s sets, for rows r that are stepX and stepY bytes apart and for vectors of %d columns f,
// y[r][f] = (x[r][f]-mean[f])*scale[f] + shift[f], or 0 where that is <= floor.`, name, n.count))
	f.load(n, k, "floor", compared)
	f.columns(n, k, columns{[]string{"x", "y"}, []string{"stepX", "stepY"}, strings.Fields("mean scale shift"), nil, func() {
		f.read(n, 0)
		f.two(sub, n, 20, 0, 20)
		f.two(mul, n, 20, 1, 20)
		f.two(add, n, 20, 2, 20)
		f.two(greaterEqual, n, compared, 20, 21)
		f.clear(20, 21, 21)
		f.line("VST1.P [V21.%s], (R21)(R5)", n.lanes)
	}})
}

func normGradSums(f *file, n number) {
	name := n.title("normGradSums")
	k := f.kernel(n, name, "vectors rows *x stepX *y *dy stepY *mean *sum *product =none",
		fmt.Sprintf(`// %s does, over rows r that are stepX and stepY bytes apart and for vectors of %d columns f,
// sum[f] += g and product[f] += g*(x[r][f]-mean[f]), where g is dy[r][f], or 0 where y[r][f] is none.`, name, n.count))
	f.load(n, k, "none", compared)
	f.columns(n, k, columns{strings.Fields("x y dy"), strings.Fields("stepX stepY stepY"), strings.Fields("mean sum product"), strings.Fields("sum product"), func() {
		f.read(n, 0)
		f.gradient(n)
		f.two(sub, n, 20, 0, 20)
		f.two(add, n, 1, 22, 1)
		f.two(mul, n, 22, 20, 20)
		f.two(add, n, 2, 20, 2)
	}})
}

func normGrad(f *file, n number) {
	name := n.title("normGrad")
	k := f.kernel(n, name, "vectors rows *x stepX *y *dy stepY *mean *scale *slope *level *dx =none",
		fmt.Sprintf(`// %s sets, for rows r that are stepX bytes apart in x and dx and stepY in y and dy, and for vectors of %d columns f,
// dx[r][f] = g*scale[f] + (x[r][f]-mean[f])*slope[f] + level[f], where g is dy[r][f], or 0 where y[r][f] is none.`, name, n.count))
	f.load(n, k, "none", compared)
	f.columns(n, k, columns{strings.Fields("x y dy dx"), strings.Fields("stepX stepY stepY stepX"), strings.Fields("mean scale slope level"), nil, func() {
		f.read(n, 0)
		f.gradient(n)
		f.two(sub, n, 20, 0, 20)
		f.two(mul, n, 20, 2, 20)
		f.two(add, n, 20, 3, 20)
		f.two(mul, n, 22, 1, 22)
		f.two(add, n, 20, 22, 20)
		f.line("VST1.P [V20.%s], (R23)(R9)", n.lanes)
	}})
}

// Command norm generates the kernels of batch normalisation.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"convbook/pkg/internal/kernels/gen/isa"
)

// Predicates of VCMPPS.
const (
	lessOrEqual = 0x02 // false for nan
	notEqual    = 0x04 // true for nan
)

func main() {
	ConstraintExpr("!purego")
	for _, s := range []isa.Set{isa.AVX512, isa.AVX2, isa.AVX512.Float64(), isa.AVX2.Float64()} {
		columnSums(s)
		normalise(s)
		normGradSums(s)
		normGrad(s)
	}
	Generate()
}

// columns generates a loop over vectors of columns: the params of one number for each
// column go on by a vector, those of a matrix by a vector in each of their rows.
func columns(s isa.Set, name string, params []string, body func(at map[string]reg.GPVirtual)) {
	vectors := Load(Param("vectors"), GP64())
	at := map[string]reg.GPVirtual{}
	for _, p := range params {
		at[p] = Load(Param(p), GP64()).(reg.GPVirtual)
	}
	Label(name + "_columns")
	body(at)
	for _, p := range params {
		ADDQ(Imm(uint64(s.Bytes)), at[p])
	}
	DECQ(vectors)
	JNZ(LabelRef(name + "_columns"))
	VZEROUPPER()
	RET()
}

// down generates a loop over the rows of matrices, whose steps are given by param.
func down(name string, at map[string]reg.GPVirtual, steps map[string]string, order []string, body func(row map[string]Mem)) {
	rows := Load(Param("rows"), GP64())
	pointers, row := map[string]reg.GPVirtual{}, map[string]Mem{}
	for _, m := range order {
		p := GP64()
		MOVQ(at[m], p)
		pointers[m], row[m] = p, Mem{Base: p}
	}
	Label(name + "_rows")
	body(row)
	for _, m := range order {
		step := Load(Param(steps[m]), GP64())
		ADDQ(step, pointers[m])
	}
	DECQ(rows)
	JNZ(LabelRef(name + "_rows"))
}

func load(s isa.Set, from reg.GPVirtual) reg.VecVirtual {
	v := s.Vector()
	s.Load(Mem{Base: from}, v)
	return v
}

func columnSums(s isa.Set) {
	name := s.Title("columnSums")
	s.Text(name, "func(vectors, rows int, x *float32, stepX int, c, sum, square *float32)")
	Doc(fmt.Sprintf("%s does, over rows r that are stepX bytes apart and for vectors of %d columns f,", name, s.Lanes()),
		"sum[f] += x[r][f]-c[f] and square[f] += (x[r][f]-c[f])*(x[r][f]-c[f]).")
	columns(s, name, []string{"x", "c", "sum", "square"}, func(at map[string]reg.GPVirtual) {
		c, sum, square := load(s, at["c"]), load(s, at["sum"]), load(s, at["square"])
		down(name, at, map[string]string{"x": "stepX"}, []string{"x"}, func(row map[string]Mem) {
			v := s.Vector()
			s.Load(row["x"], v)
			s.Sub(v, c, v)
			s.Add(v, sum, sum)
			s.FMA(v, v, square)
		})
		s.Store(sum, Mem{Base: at["sum"]})
		s.Store(square, Mem{Base: at["square"]})
	})
}

func normalise(s isa.Set) {
	name := s.Title("normalise")
	s.Text(name, "func(vectors, rows int, x *float32, stepX int, mean, scale, shift, y *float32, stepY int, floor float32)")
	Doc(fmt.Sprintf("%s sets, for rows r that are stepX and stepY bytes apart and for vectors of %d columns f,", name, s.Lanes()),
		"y[r][f] = (x[r][f]-mean[f])*scale[f] + shift[f], or 0 where that is <= floor.")
	floor := s.BroadcastParam("floor")
	zero := s.Vector()
	s.Zero(zero)
	columns(s, name, []string{"x", "mean", "scale", "shift", "y"}, func(at map[string]reg.GPVirtual) {
		mean, scale, shift := load(s, at["mean"]), load(s, at["scale"]), load(s, at["shift"])
		down(name, at, map[string]string{"x": "stepX", "y": "stepY"}, []string{"x", "y"}, func(row map[string]Mem) {
			v := s.Vector()
			s.Load(row["x"], v)
			s.Sub(v, mean, v)
			s.Scale(v, scale, shift)
			if s.Bytes == isa.AVX512.Bytes {
				cut := K()
				s.Compare(lessOrEqual, floor, v, cut)
				s.MoveWhere(zero, cut, v)
			} else {
				cut := YMM()
				s.Compare(lessOrEqual, floor, v, cut)
				VANDNPS(v, cut, v)
			}
			s.Store(v, row["y"])
		})
	})
}

// gradient reads dy, or 0 where y is none.
func gradient(s isa.Set, row map[string]Mem, none reg.VecVirtual) reg.VecVirtual {
	y, g := s.Vector(), s.Vector()
	s.Load(row["y"], y)
	if s.Bytes == isa.AVX512.Bytes {
		on := K()
		s.Compare(notEqual, none, y, on)
		s.LoadWhere(row["dy"], on, g)
	} else {
		s.Compare(notEqual, none, y, y)
		VANDPS(row["dy"], y, g)
	}
	return g
}

func normGradSums(s isa.Set) {
	name := s.Title("normGradSums")
	s.Text(name, "func(vectors, rows int, x *float32, stepX int, y, dy *float32, stepY int, mean, sum, product *float32, none float32)")
	Doc(fmt.Sprintf("%s does, over rows r that are stepX and stepY bytes apart and for vectors of %d columns f,", name, s.Lanes()),
		"sum[f] += g and product[f] += g*(x[r][f]-mean[f]), where g is dy[r][f], or 0 where y[r][f] is none.")
	none := s.BroadcastParam("none")
	columns(s, name, []string{"x", "y", "dy", "mean", "sum", "product"}, func(at map[string]reg.GPVirtual) {
		mean, sum, product := load(s, at["mean"]), load(s, at["sum"]), load(s, at["product"])
		down(name, at, map[string]string{"x": "stepX", "y": "stepY", "dy": "stepY"}, []string{"x", "y", "dy"}, func(row map[string]Mem) {
			v := s.Vector()
			s.Load(row["x"], v)
			s.Sub(v, mean, v)
			g := gradient(s, row, none)
			s.Add(g, sum, sum)
			s.FMA(g, v, product)
		})
		s.Store(sum, Mem{Base: at["sum"]})
		s.Store(product, Mem{Base: at["product"]})
	})
}

func normGrad(s isa.Set) {
	name := s.Title("normGrad")
	s.Text(name, "func(vectors, rows int, x *float32, stepX int, y, dy *float32, stepY int, mean, scale, slope, level, dx *float32, none float32)")
	Doc(fmt.Sprintf("%s sets, for rows r that are stepX bytes apart in x and dx and stepY in y and dy, and for vectors of %d columns f,", name, s.Lanes()),
		"dx[r][f] = g*scale[f] + (x[r][f]-mean[f])*slope[f] + level[f], where g is dy[r][f], or 0 where y[r][f] is none.")
	none := s.BroadcastParam("none")
	columns(s, name, []string{"x", "y", "dy", "mean", "scale", "slope", "level", "dx"}, func(at map[string]reg.GPVirtual) {
		mean, scale, slope, level := load(s, at["mean"]), load(s, at["scale"]), load(s, at["slope"]), load(s, at["level"])
		down(name, at, map[string]string{"x": "stepX", "y": "stepY", "dy": "stepY", "dx": "stepX"}, []string{"x", "y", "dy", "dx"}, func(row map[string]Mem) {
			v := s.Vector()
			s.Load(row["x"], v)
			s.Sub(v, mean, v)
			s.Scale(v, slope, level)
			g := gradient(s, row, none)
			s.FMA(g, scale, v)
			s.Store(v, row["dx"])
		})
	})
}

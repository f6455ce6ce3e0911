package gpu

import (
	"fmt"
	"strconv"
	"strings"

	"convbook/pkg/layers"
)

// kernels are those of a plan in the order in which a step launches them.
type kernels struct {
	forward, once []*kernel // once: as forward, for batches of any size
	backward      []*kernel
	loss, count   *kernel
	update        *kernel
}

var samples = argument{kind: "const int", name: "n"}

// input are the arguments and the macro by which a kernel reads the input of unit i.
func (p *plan) input(i int) ([]argument, defines) {
	if i > 0 {
		return []argument{samples, reads("x", p.units[i-1].y)}, defines{"IN(image, i)", fmt.Sprintf("x[(image) * %d + (i)]", size(p.units[i].in))}
	}
	return append([]argument{samples}, imageArguments...), defines{"IN(image, i)",
		fmt.Sprintf("pixel(mode, first, index, pixels, dense, image, i, %d)", size(p.units[i].in))}
}

var imageArguments = []argument{{kind: "const int", name: "mode"}, {kind: "const int", name: "first"}, {kind: "__global const int *", name: "index"},
	{kind: "__global const uchar *", name: "pixels"}, {kind: "__global const float *", name: "dense"}}

// store are the arguments and the macro by which a kernel stores the output of u: what
// comes after it is computed on the way.
func (p *plan) store(u *unit) ([]argument, defines) {
	args := []argument{writes("out", u.y)}
	code := "float v_ = (v);"
	for _, a := range u.after {
		switch {
		case a.relu:
			code += " v_ = v_ <= 0 ? 0 : v_;"
		case a.sigmoid:
			code += " v_ = 1 / (1 + exp(-v_));"
		default:
			args = append(args, argument{kind: "const int", name: "train"}, argument{"__global const uchar *", "mask", p.record})
			code += fmt.Sprintf(" v_ = train ? (mask[%d + (at)] ? v_ : v_ * 0) : v_ * %s;", a.mask, number(1-a.dropout.Ratio))
		}
	}
	return args, defines{"STORE(at, v)", "{ " + code + " out[at] = v_; }"}
}

// back are the arguments and the macro by which a kernel stores the gradient of the
// output of unit i, through what comes after it.
func (p *plan) back(i int) ([]argument, defines) {
	u := p.units[i]
	args := []argument{reads("x", u.y), writes("dx", u.dy)}
	code := "float g_ = (v);"
	for j := len(u.after) - 1; j >= 0; j-- {
		switch a := u.after[j]; {
		case a.relu:
			code += " if (x[at] <= 0) g_ = 0;"
		case a.sigmoid:
			code += " g_ *= (1 - x[at]) * x[at];"
		default:
			args = append(args, argument{"__global const uchar *", "mask", p.record})
			code += fmt.Sprintf(" g_ = mask[%d + (at)] ? g_ : g_ * 0;", a.mask)
		}
	}
	return args, defines{"BACK(at, v)", "{ " + code + " dx[at] = g_; }"}
}

// number writes a float of OpenCL C.
func number(v float64) string {
	text := strconv.FormatFloat(float64(float32(v)), 'g', -1, 32)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text + "f"
}

// write writes the kernels of all units.
func (p *plan) write(s *source) {
	s.text.WriteString(file("begin"))
	k := &p.kernels
	for i, u := range p.units {
		switch l := u.layer.(type) {
		case *layers.Convolution[float32]:
			p.convolution(s, i, l)
		case *layers.Affine[float32]:
			p.affine(s, i)
		case *layers.Pooling[float32]:
			p.pooling(s, i, l)
		case *layers.BatchNormalization[float32]:
			p.normalization(s, i, l)
		default:
			p.elementwise(s, i)
		}
	}
	p.ends(s)
	// From the last unit to the first; the units were written the other way.
	for i, j := 0, len(k.backward)-1; i < j; i, j = i+1, j-1 {
		k.backward[i], k.backward[j] = k.backward[j], k.backward[i]
	}
}

// add notes a kernel for training and for other batches.
func (k *kernels) add(both *kernel) {
	k.forward, k.once = append(k.forward, both), append(k.once, both)
}

// elementwise writes what stands where there is nothing else to do.
func (p *plan) elementwise(s *source, i int) {
	u := p.units[i]
	in, read := p.input(i)
	out, store := p.store(u)
	values := size(u.out)
	d := append(append(defines{"SIZE", values}, read...), store...)
	p.kernels.add(s.add(u.name+"_elementwise", []string{"elementwise"}, append(in, out...), d, items, each(values)))
	if i == 0 {
		return
	}
	back, stored := p.back(i - 1)
	p.kernels.backward = append(p.kernels.backward, s.add(u.name+"_elementwise_back", []string{"elementwise_back"},
		append(append(back, samples), reads("dy", u.dy)), append(defines{"SIZE", values}, stored...), items, each(values)))
}

// ends writes loss, count and update.
func (p *plan) ends(s *source) {
	k, last := &p.kernels, p.units[len(p.units)-1]
	classes := size(last.out)
	back, stored := p.back(len(p.units) - 1)
	labels := argument{kind: "__global const uchar *", name: "labels"}
	mode, at, index := imageArguments[0], imageArguments[1], imageArguments[2]
	one := func(int) [3]int { return [3]int{1, 1, 1} }
	k.loss = s.add("loss", []string{"loss"}, append(back, samples, mode, at, index, labels, writes("losses", p.losses),
		argument{"__global int *", "flag", p.flag}, argument{kind: "const int", name: "slot"}), append(defines{"CLASSES", classes}, stored...), items, one)
	k.count = s.add("count", []string{"count"}, []argument{reads("x", last.y), samples, at, labels, {"__global int *", "right", p.right}},
		defines{"CLASSES", classes}, items, each(1))

	var text strings.Builder
	groups, word := 0, ""
	for _, seg := range p.segments {
		if !seg.learns {
			continue
		}
		values := items
		if seg.parts > 1 {
			values = 32
		}
		begin := groups
		groups += ceil(seg.size, values)
		fmt.Fprintf(&text, "%sif (group < %d) { from = %d; size = %d; parts = %d; gradient = %d; block = group - %d; } ", word, groups,
			seg.offset, seg.size, seg.parts, seg.gradient, begin)
		word = "else "
	}
	if groups == 0 {
		return
	}
	text.WriteString("else from = size = parts = gradient = block = 0;")
	d := defines{"SEGMENTS", text.String(), "RULE", p.rule.name}
	for i, name := range ruleNames {
		d = append(d, name, i)
	}
	k.update = s.add("update", []string{"update"}, []argument{writes("params", p.params), reads("gradients", p.gradients),
		writes("moment1", p.moments[0]), writes("moment2", p.moments[1]), {"__global const int *", "flag", p.flag},
		{kind: "const float", name: "a"}, {kind: "const float", name: "b"}, {kind: "const float", name: "c"}}, d, items,
		func(int) [3]int { return [3]int{groups, 1, 1} })
}
